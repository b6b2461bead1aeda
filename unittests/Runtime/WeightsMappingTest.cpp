//===- WeightsMappingTest.cpp - files that are not what they should be ----------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "WeightsMapping.h"
#include "FakeModel.h"

#include "bert/Runtime/bert_model.h"

#include "gtest/gtest.h"

#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

using namespace bertmlir;
using namespace bertmlir::runtime;
using namespace bertmlir::runtime::test;

namespace {

// Loads a model with weights of these bytes; the error's text, "" if it loads.
std::string load(const std::string &bytes) {
  std::string path = writeFile("test.weights", bytes);
  bert_model *model = nullptr;
  bert_status status = bert_model_create(path.c_str(), 1, &model);
  unlink(path.c_str());
  EXPECT_TRUE(status == BERT_OK || status == BERT_FILE) << status;
  EXPECT_EQ(status == BERT_OK, model != nullptr);
  std::string message = status == BERT_OK ? "" : bert_model_last_error();
  bert_model_destroy(model);
  return message;
}

// A file whose header was changed by someone who knows about its checksum.
template <typename Change> std::string withHeader(Change change) {
  std::string file = makeWeightsFile();
  WeightsFileHeader header;
  memcpy(&header, file.data(), sizeof(header));
  change(header);
  header.headerChecksum = checksum(&header, offsetof(WeightsFileHeader, headerChecksum));
  memcpy(file.data(), &header, sizeof(header));
  return file;
}

TEST(WeightsFile, Loads) { EXPECT_EQ(load(makeWeightsFile()), ""); }

TEST(WeightsFile, ChecksumIsCastagnolis) {
  // The check value of CRC-32C.
  EXPECT_EQ(checksum("123456789", 9), 0xe3069283u);
  EXPECT_EQ(checksum("6789", 4, checksum("12345", 5)), 0xe3069283u);
}

TEST(WeightsFile, EveryTruncationIsRefused) {
  std::string whole = makeWeightsFile();
  for (size_t length : {size_t(0), size_t(1), size_t(7), size_t(63), size_t(64), size_t(4095),
                        size_t(4096), size_t(4097), whole.size() - 1})
    EXPECT_NE(load(whole.substr(0, length)), "") << length;
  EXPECT_NE(load(whole + "x").find("has 4257 bytes, expected 4256"), std::string::npos);
}

TEST(WeightsFile, EveryDamagedByteOfTheHeaderIsRefused) {
  for (size_t at = 0; at < sizeof(WeightsFileHeader); ++at) {
    std::string file = makeWeightsFile();
    file[at] = char(file[at] ^ 0x10);
    EXPECT_NE(load(file), "") << at;
  }
}

TEST(WeightsFile, SaysWhatIsWrong) {
  EXPECT_NE(load("MZ").find("not a weights file"), std::string::npos);
  EXPECT_NE(load(withHeader([](auto &header) { header.buildId[31] = 9; })).find("another build"),
            std::string::npos);
  EXPECT_NE(
      load(withHeader([](auto &header) { header.version = 2; })).find("compile the model again"),
      std::string::npos);
  EXPECT_NE(load(withHeader([](auto &header) { header.dataBytes = UINT64_MAX; })), "");
  EXPECT_NE(load(withHeader([](auto &header) { header.dataBytes = 0; })), "");
  EXPECT_NE(load(withHeader([](auto &header) { header.dataOffset = 64; })), "");
  EXPECT_NE(load(withHeader([](auto &header) { header.dataOffset = 0xfffff000; })), "");

  // Whole, but with less data than the code reads.
  std::string file = withHeader([](auto &header) { header.dataBytes -= 4; });
  file.resize(file.size() - 4);
  EXPECT_NE(load(file), "");
}

TEST(WeightsFile, MustBeAFile) {
  bert_model *model = nullptr;
  EXPECT_EQ(bert_model_create("/no/such/file", 1, &model), BERT_FILE);
  EXPECT_EQ(model, nullptr);
  EXPECT_NE(std::string(bert_model_last_error()).find("/no/such/file"), std::string::npos);
  EXPECT_EQ(bert_model_create("/", 1, &model), BERT_FILE);
  EXPECT_EQ(bert_model_create("/dev/null", 1, &model), BERT_FILE);
}

TEST(WeightsFile, VerifyReadsTheData) {
  std::string file = makeWeightsFile();
  std::string path = writeFile("verify.weights", file);
  bert_model *model = nullptr;
  ASSERT_EQ(bert_model_create(path.c_str(), 1, &model), BERT_OK);
  EXPECT_EQ(bert_model_verify(model), BERT_OK);
  bert_model_destroy(model);

  file[file.size() - 3] ^= 1;
  writeFile("verify.weights", file);
  // Loading does not read the data.
  ASSERT_EQ(bert_model_create(path.c_str(), 1, &model), BERT_OK);
  EXPECT_EQ(bert_model_verify(model), BERT_FILE);
  EXPECT_EQ(std::string(bert_model_last_error()).find(path + ": "), 0u);
  EXPECT_NE(std::string(bert_model_last_error()).find("checksum"), std::string::npos);
  bert_model_destroy(model);
  unlink(path.c_str());
}

} // namespace
