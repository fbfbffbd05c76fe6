// SPDX-License-Identifier: MIT
#include "http/connection_slots.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/server.h"

namespace imdsd::http {
namespace {

class ConnectionSlotsTest : public testing::Test {
 protected:
  std::vector<ConnectionSlots::Slot> take_all(const Service& service) {
    std::vector<ConnectionSlots::Slot> slots;
    while (auto slot = slots_.take(service)) slots.push_back(std::move(slot));
    return slots;
  }

  static Service named(const std::string& name) {
    Service service;
    service.name = name;
    return service;
  }

  const Service imds_ = named("imds"), aws_ = named("aws"), admin_ = named("admin");
  ConnectionSlots slots_{8};
};

TEST_F(ConnectionSlotsTest, ASingleServiceMayHaveAll) {
  slots_.add_service(imds_, true);
  EXPECT_EQ(take_all(imds_).size(), 8u);
}

TEST_F(ConnectionSlotsTest, OneOfSeveralServicesLeavesAQuarterToTheOthers) {
  slots_.add_service(imds_, true);
  slots_.add_service(aws_, true);
  const auto hostile = take_all(aws_);
  EXPECT_EQ(hostile.size(), 6u);
  EXPECT_EQ(take_all(imds_).size(), 2u);
}

TEST_F(ConnectionSlotsTest, AnUnlimitedServiceAlwaysFindsAPlace) {
  slots_.add_service(imds_, true);
  slots_.add_service(admin_, false);
  const auto all = take_all(imds_);
  EXPECT_EQ(all.size(), 8u);
  EXPECT_TRUE(slots_.take(admin_));
}

TEST_F(ConnectionSlotsTest, APlaceIsGivenBack) {
  slots_.add_service(imds_, true);
  auto slots = take_all(imds_);
  EXPECT_EQ(slots_.open(), 8u);
  EXPECT_FALSE(slots_.take(imds_));
  slots.pop_back();
  EXPECT_EQ(slots_.open(), 7u);
  EXPECT_TRUE(slots_.take(imds_));
}

TEST_F(ConnectionSlotsTest, AServiceOnSeveralListenersHasOneShare) {
  slots_.add_service(imds_, true);
  slots_.add_service(imds_, true);
  EXPECT_EQ(take_all(imds_).size(), 8u);
}

TEST_F(ConnectionSlotsTest, ServicesOfOneNameHaveOneShare) {
  const Service another = named("imds");
  slots_.add_service(imds_, true);
  slots_.add_service(aws_, true);
  slots_.add_service(another, true);
  const auto first = take_all(imds_);
  EXPECT_EQ(first.size(), 6u);
  EXPECT_TRUE(take_all(another).empty());
}

}  // namespace
}  // namespace imdsd::http
