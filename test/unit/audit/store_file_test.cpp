#include "audit/store/store_file.hpp"
#include "unit/audit/store_helpers.hpp"

#include <filesystem>
#include <optional>
#include <string>

using namespace allot;
using namespace allot::test;

namespace {

constexpr char const* mounts =
    "22 28 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw\n"
    "28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro\n"
    "63 28 0:44 / /mnt/team\\040share rw,relatime shared:33 - nfs4 nas.example.org:/export/team\\040share "
    "rw,vers=4.2,addr=192.0.2.7\n"
    "71 28 0:51 /a\\040-\\040b /mnt/c rw,relatime shared:1 master:2 propagate_from:3 unbindable - cifs "
    "//nas/c rw\n"
    "74 28 0:52 / /mnt/d rw - fuse.sshfs me@host:/ rw,user_id=0\n"
    "75 28 0:53 / /mnt/e rw - tmpfs nfs4 rw\n"
    "76 28 0:5 / /dev rw shared:2 - devtmpfs udev rw\n"
    "77 28 0:54 / /nfs rw - fuse.ntfs-3g nfs rw\n"
    "78 28 0:55 / /mnt/f rw - 9p\n"
    "a line that is none\n"
    "79 28 0:56\n";

std::optional<std::string> type(unsigned device_major, unsigned device_minor) {
    return network_file_system(mounts, device_major, device_minor);
}

}

BOOST_AUTO_TEST_SUITE(store_file)

BOOST_AUTO_TEST_CASE(file_systems_on_a_network_are_known) {
    BOOST_TEST((type(0, 44) == "nfs4"));
    BOOST_TEST((type(0, 51) == "cifs"));
    BOOST_TEST((type(0, 52) == "fuse.sshfs"));
    BOOST_TEST((type(0, 55) == "9p"));
}

BOOST_AUTO_TEST_CASE(others_are_local) {
    for (auto const& [device_major, device_minor] :
         {std::pair(259U, 2U), std::pair(0U, 53U), std::pair(0U, 5U), std::pair(0U, 54U), std::pair(0U, 56U),
          std::pair(0U, 99U), std::pair(0U, 4U)})
        BOOST_TEST(!type(device_major, device_minor), device_major << ':' << device_minor);
    BOOST_TEST(!network_file_system("", 0, 44));
}

BOOST_AUTO_TEST_CASE(one_audit_at_a_time_works_on_a_store) {
    scratch_folder const folder;
    auto const path = folder / "a.db";
    BOOST_TEST(!store_is_in_use(path));
    {
        store_lock const lock(path);
        BOOST_TEST(std::filesystem::exists(path));
        BOOST_TEST(store_is_in_use(path));
        BOOST_CHECK_EXCEPTION(store_lock{path}, store_error, says("another allot is working on it"));
        std::filesystem::create_symlink(path, folder / "link");
        BOOST_CHECK_EXCEPTION(
            open_store(folder / "link"), store_error, says("another allot is working on it"));
        store_lock const other(folder / "b.db");
    }
    BOOST_TEST(!store_is_in_use(path));
    store_lock const again(path);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_no_store) {
    scratch_folder const folder;
    BOOST_CHECK_EXCEPTION(store_lock{folder / ""}, store_error, says("cannot be opened: Is a directory"));
    BOOST_CHECK_EXCEPTION(
        store_lock{folder / "none/a.db"}, store_error, says("cannot be opened: No such file"));
    BOOST_CHECK_EXCEPTION(store_lock{"/dev/null"}, store_error, says("it is no regular file"));
    BOOST_CHECK_EXCEPTION(store_lock{""}, store_error, says("the store : it cannot be opened"));
}

BOOST_AUTO_TEST_SUITE_END()
