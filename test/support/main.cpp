#define BOOST_TEST_MODULE allot
#include <boost/test/unit_test.hpp>
