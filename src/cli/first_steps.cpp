#include "cli/first_steps.hpp"

namespace allot {

std::string first_steps() {
    return "  allot demo                           a made-up tenant: needs no account\n"
           "  allot audit ids.txt -o rows.ndjson   the allotment of each assignment in ids.txt\n"
           "  allot get ASSIGNMENT_ID              one allotment\n";
}

std::string audit_examples() {
    return "  allot audit ids.txt -o rows.ndjson   one row for each line of ids.txt\n"
           "  allot audit - --format csv < ids.txt > rows.csv\n"
           "  allot demo                           a made-up tenant: needs no account\n";
}

}
