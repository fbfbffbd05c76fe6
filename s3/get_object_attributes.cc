// SPDX-License-Identifier: MIT
#include <string>

#include "base/http_date.h"
#include "s3/object_attributes.h"
#include "s3/object_reading.h"
#include "s3/operations.h"

namespace imdsd::s3 {

Outcome get_object_attributes(Context& context) {
  IMDSD_TRY(const Object object, authorized_object(context, Index::Detail::with_parts));
  IMDSD_TRY(const ObjectAttributesAsked asked, parse_object_attributes_asked(context.headers()));
  base::HttpResponse response = xml_answer(object_attributes_xml(asked, object));
  response.headers.add("Last-Modified", base::format_http_date(object.last_modified));
  return response;
}

}  // namespace imdsd::s3
