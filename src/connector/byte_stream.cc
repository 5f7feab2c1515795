#include "connector/byte_stream.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace armature::connector {
namespace {

constexpr std::size_t kChunkBytes = 128 * 1024;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin && file != stdout) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::string problem(std::string_view what, const std::string& path) {
  return fmt::format("cannot {} {}: {}", what, path, std::strerror(errno));
}

class FileSource final : public ByteSource {
 public:
  FileSource(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {
    struct stat status {};
    if (fstat(fileno(file_.get()), &status) == 0 && S_ISREG(status.st_mode))
      in_all_ = static_cast<std::uint64_t>(status.st_size);
  }
  Expected<bool, std::string> read(Bytes* out) override {
    const std::size_t before = out->size();
    out->resize(before + kChunkBytes);
    const std::size_t got = std::fread(out->data() + before, 1, kChunkBytes, file_.get());
    out->resize(before + got);
    read_ += got;
    if (got == 0 && std::ferror(file_.get()) != 0) return Unexpected(problem("read", path_));
    return got > 0;
  }
  std::uint64_t bytes_read() const override { return read_; }
  std::uint64_t bytes_in_all() const override { return in_all_; }

 private:
  File file_;
  std::string path_;
  std::uint64_t read_ = 0;
  std::uint64_t in_all_ = 0;
};

// What unpackers share: packed bytes come from another source.
class UnpackingSource : public ByteSource {
 public:
  UnpackingSource(std::unique_ptr<ByteSource> packed, Bytes first, std::string path)
      : packed_(std::move(packed)), input_(std::move(first)), path_(std::move(path)) {}
  std::uint64_t bytes_read() const override { return packed_->bytes_read(); }
  std::uint64_t bytes_in_all() const override { return packed_->bytes_in_all(); }

 protected:
  // False when there is no more input.
  Expected<bool, std::string> need_input() {
    if (position_ < input_.size()) return true;
    input_.clear();
    position_ = 0;
    return packed_->read(&input_);
  }
  Unexpected<std::string> damaged() const {
    return Unexpected(fmt::format("{} is damaged: it cannot be unpacked", path_));
  }

  std::unique_ptr<ByteSource> packed_;
  Bytes input_;
  std::size_t position_ = 0;
  std::string path_;
};

class GzipSource final : public UnpackingSource {
 public:
  using UnpackingSource::UnpackingSource;
  ~GzipSource() override { inflateEnd(&stream_); }
  Expected<bool, std::string> start() { return inflateInit2(&stream_, 15 + 16) == Z_OK; }

  Expected<bool, std::string> read(Bytes* out) override {
    while (true) {
      TRY_ASSIGN(const bool more, need_input());
      if (!more) return inside_ ? Expected<bool, std::string>(damaged()) : Expected<bool, std::string>(false);
      const std::size_t before = out->size();
      out->resize(before + kChunkBytes);
      stream_.next_in = reinterpret_cast<Bytef*>(input_.data() + position_);
      stream_.avail_in = static_cast<uInt>(input_.size() - position_);
      stream_.next_out = reinterpret_cast<Bytef*>(out->data() + before);
      stream_.avail_out = kChunkBytes;
      inside_ = true;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      position_ = input_.size() - stream_.avail_in;
      out->resize(before + kChunkBytes - stream_.avail_out);
      if (status == Z_STREAM_END) {
        inside_ = false;
        if (inflateReset(&stream_) != Z_OK) return damaged();
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return damaged();
      }
      if (out->size() > before) return true;
    }
  }

 private:
  z_stream stream_{};
  bool inside_ = false;  // A member has begun and not ended.
};

class ZstdSource final : public UnpackingSource {
 public:
  using UnpackingSource::UnpackingSource;
  Expected<bool, std::string> read(Bytes* out) override {
    while (true) {
      TRY_ASSIGN(const bool more, need_input());
      if (!more) return inside_ ? Expected<bool, std::string>(damaged()) : Expected<bool, std::string>(false);
      const std::size_t before = out->size();
      out->resize(before + kChunkBytes);
      ZSTD_inBuffer in{input_.data(), input_.size(), position_};
      ZSTD_outBuffer to{out->data() + before, kChunkBytes, 0};
      const std::size_t status = ZSTD_decompressStream(context_.get(), &to, &in);
      position_ = in.pos;
      out->resize(before + to.pos);
      if (ZSTD_isError(status) != 0) return damaged();
      inside_ = status != 0;
      if (out->size() > before) return true;
    }
  }

 private:
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_{ZSTD_createDCtx(), ZSTD_freeDCtx};
  bool inside_ = false;
};

// Bytes already read, then the rest.
class ReplayingSource final : public UnpackingSource {
 public:
  using UnpackingSource::UnpackingSource;
  Expected<bool, std::string> read(Bytes* out) override {
    if (position_ == 0 && !input_.empty()) {
      out->append(input_);
      position_ = input_.size();
      return true;
    }
    return packed_->read(out);
  }
};

class FileSink final : public ByteSink {
 public:
  FileSink(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Expected<void, std::string> write(BytesView bytes) override {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
      return Unexpected(problem("write", path_));
    return {};
  }
  Expected<void, std::string> finish() override {
    if (std::fflush(file_.get()) != 0) return Unexpected(problem("write", path_));
    return {};
  }

 private:
  File file_;
  std::string path_;
};

class GzipSink final : public ByteSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> target) : target_(std::move(target)) {
    deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  }
  ~GzipSink() override { deflateEnd(&stream_); }
  Expected<void, std::string> write(BytesView bytes) override { return pack(bytes, Z_NO_FLUSH); }
  Expected<void, std::string> finish() override {
    TRY(pack({}, Z_FINISH));
    return target_->finish();
  }

 private:
  Expected<void, std::string> pack(BytesView bytes, int flush) {
    std::vector<char> buffer(kChunkBytes);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = kChunkBytes;
      deflate(&stream_, flush);
      TRY(target_->write({buffer.data(), kChunkBytes - stream_.avail_out}));
    } while (stream_.avail_out == 0);
    return {};
  }
  std::unique_ptr<ByteSink> target_;
  z_stream stream_{};
};

class ZstdSink final : public ByteSink {
 public:
  explicit ZstdSink(std::unique_ptr<ByteSink> target) : target_(std::move(target)) {}
  Expected<void, std::string> write(BytesView bytes) override { return pack(bytes, ZSTD_e_continue); }
  Expected<void, std::string> finish() override {
    TRY(pack({}, ZSTD_e_end));
    return target_->finish();
  }

 private:
  Expected<void, std::string> pack(BytesView bytes, ZSTD_EndDirective mode) {
    std::vector<char> buffer(kChunkBytes);
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &out, &in, mode);
      if (ZSTD_isError(left) != 0) return Unexpected(std::string("zstd: ") + ZSTD_getErrorName(left));
      TRY(target_->write({buffer.data(), out.pos}));
      if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }
  std::unique_ptr<ByteSink> target_;
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_{ZSTD_createCCtx(), ZSTD_freeCCtx};
};

}  // namespace

Expected<std::unique_ptr<ByteSource>, std::string> open_source(const std::string& path) {
  File file(path == "-" ? stdin : std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return Unexpected(problem("read", path));
  std::unique_ptr<ByteSource> source = std::make_unique<FileSource>(std::move(file), path);
  Bytes first;
  while (first.size() < 4) {
    TRY_ASSIGN(const bool more, source->read(&first));
    if (!more) break;
  }
  if (first.starts_with("\x1f\x8b")) {
    auto gzip = std::make_unique<GzipSource>(std::move(source), std::move(first), path);
    TRY_ASSIGN(const bool started, gzip->start());
    if (!started) return Unexpected(std::string("there is no memory to unpack with"));
    return std::unique_ptr<ByteSource>(std::move(gzip));
  }
  if (first.starts_with("\x28\xb5\x2f\xfd")) {
    return std::unique_ptr<ByteSource>(std::make_unique<ZstdSource>(std::move(source), std::move(first), path));
  }
  return std::unique_ptr<ByteSource>(std::make_unique<ReplayingSource>(std::move(source), std::move(first), path));
}

Expected<std::unique_ptr<ByteSink>, std::string> open_sink(const std::string& path) {
  File file(path == "-" ? stdout : std::fopen(path.c_str(), "wbe"));
  if (file == nullptr) return Unexpected(problem("write", path));
  std::unique_ptr<ByteSink> sink = std::make_unique<FileSink>(std::move(file), path);
  if (path.ends_with(".gz")) return std::unique_ptr<ByteSink>(std::make_unique<GzipSink>(std::move(sink)));
  if (path.ends_with(".zst")) return std::unique_ptr<ByteSink>(std::make_unique<ZstdSink>(std::move(sink)));
  return sink;
}

}  // namespace armature::connector
