#pragma once

#include <allot/assignment_list.hpp>
#include <allot/assignment_pages.hpp>
#include <allot/assignment_ref.hpp>
#include <allot/batch.hpp>
#include <allot/client.hpp>
#include <allot/credential.hpp>
#include <allot/error.hpp>
#include <allot/failure.hpp>
#include <allot/model.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>
#include <allot/secret.hpp>
