// SPDX-License-Identifier: MIT
#include <utility>

#include "s3/answers.h"
#include "s3/list_parameters.h"
#include "s3/operations.h"

namespace imdsd::s3 {
namespace {

ObjectQuery query_of(const KeyFilter& filter) {
  ObjectQuery query;
  query.prefix = filter.prefix;
  query.delimiter = filter.delimiter;
  query.max = filter.max;
  return query;
}

}  // namespace

Outcome list_objects_v2(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const ListObjectsV2 asked,
            parse_list_objects_v2(context.query(), context.bucket_name()));
  ObjectQuery query = query_of(asked.filter);
  query.after = asked.start_after;
  query.from = asked.continue_from;
  IMDSD_S3_TRY(const ObjectPage page, context,
               context.index.list_objects(context.bucket_name(), query));
  return xml_answer(list_objects_v2_xml(context.bucket_name(), asked, page));
}

Outcome list_objects(Context& context) {
  IMDSD_TRY_VOID(context.authorize());
  IMDSD_TRY(const ListObjects asked, parse_list_objects(context.query()));
  ObjectQuery query = query_of(asked.filter);
  query.after = asked.marker;
  query.past_prefix_of_after = true;
  IMDSD_S3_TRY(const ObjectPage page, context,
               context.index.list_objects(context.bucket_name(), query));
  return xml_answer(list_objects_xml(context.bucket_name(), asked, page));
}

}  // namespace imdsd::s3
