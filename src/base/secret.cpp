#include <allot/secret.hpp>

#include <ostream>
#include <string.h>
#include <utility>

namespace allot {

void wipe(std::string& text) noexcept {
    // Growing within the capacity does not allocate; it reaches characters that an earlier, longer text left.
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
}

secret::secret(std::string&& text) : secret(std::string_view(text)) {
    wipe(text);
}

secret::secret(std::string_view text) : text_(text) {}

secret::secret(secret const& other) : text_(other.text_) {}

secret::secret(secret&& other) noexcept : text_(std::move(other.text_)) {
    // A short text is copied, not moved.
    wipe(other.text_);
}

secret& secret::operator=(secret other) noexcept {
    text_.swap(other.text_);
    return *this;
}

secret::~secret() {
    wipe(text_);
}

std::ostream& operator<<(std::ostream& out, secret const&) {
    return out << "[redacted]";
}

}
