#pragma once

#include <allot/assignment_list.hpp>
#include <allot/assignment_pages.hpp>
#include <allot/assignment_ref.hpp>
#include <allot/batch.hpp>
#include <allot/client.hpp>
#include <allot/cloud.hpp>
#include <allot/credential.hpp>
#include <allot/credential_settings.hpp>
#include <allot/credential_sources.hpp>
#include <allot/error.hpp>
#include <allot/failure.hpp>
#include <allot/model.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>
#include <allot/secret.hpp>
#include <allot/transport.hpp>
