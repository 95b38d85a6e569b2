#pragma once

#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The allotment as a program would have it that takes what it needs with Boost.JSON's `value_to`.
namespace peer {

struct service {
    std::string assignable_to;
    std::string plan_id;
    std::string plan_name;
};

struct allotment {
    std::string id;
    std::int32_t allotted_units = 0;
    std::string assignable_to;
    std::int32_t consumed_units = 0;
    std::vector<service> services;
    std::string sku_id;
    std::string sku_part_number;
};

inline service tag_invoke(boost::json::value_to_tag<service>, boost::json::value const& from) {
    auto const& members = from.as_object();
    service made;
    made.assignable_to = boost::json::value_to<std::string>(members.at("assignableTo"));
    made.plan_id = boost::json::value_to<std::string>(members.at("planId"));
    made.plan_name = boost::json::value_to<std::string>(members.at("planName"));
    return made;
}

inline allotment tag_invoke(boost::json::value_to_tag<allotment>, boost::json::value const& from) {
    auto const& members = from.as_object();
    allotment made;
    made.id = boost::json::value_to<std::string>(members.at("id"));
    made.allotted_units = boost::json::value_to<std::int32_t>(members.at("allottedUnits"));
    made.assignable_to = boost::json::value_to<std::string>(members.at("assignableTo"));
    made.consumed_units = boost::json::value_to<std::int32_t>(members.at("consumedUnits"));
    made.services = boost::json::value_to<std::vector<service>>(members.at("services"));
    made.sku_id = boost::json::value_to<std::string>(members.at("skuId"));
    made.sku_part_number = boost::json::value_to<std::string>(members.at("skuPartNumber"));
    return made;
}

}
