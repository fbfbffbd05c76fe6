// SPDX-License-Identifier: MIT
#include "iam/api/linked_services.h"

#include <algorithm>
#include <array>

namespace imdsd::iam::api {
namespace {

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html,
// the names as CreateServiceLinkedRole gives them.
constexpr std::array kServices{
    LinkedService{"accountdiscovery.ssm.amazonaws.com",
                  "AWSServiceRoleForAmazonSSM_AccountDiscovery"},
    LinkedService{"acm.amazonaws.com", "AWSServiceRoleForCertificateManager"},
    LinkedService{"appmesh.amazonaws.com", "AWSServiceRoleForAppMesh"},
    LinkedService{"autoscaling-plans.amazonaws.com",
                  "AWSServiceRoleForAutoScalingPlans_EC2AutoScaling"},
    LinkedService{"autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling", true},
    LinkedService{"backup.amazonaws.com", "AWSServiceRoleForBackup"},
    LinkedService{"batch.amazonaws.com", "AWSServiceRoleForBatch"},
    LinkedService{"cassandra.application-autoscaling.amazonaws.com",
                  "AWSServiceRoleForApplicationAutoScaling_CassandraTable"},
    LinkedService{"cks.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceCustomKeyStores"},
    LinkedService{"cloudtrail.amazonaws.com", "AWSServiceRoleForCloudTrail"},
    LinkedService{"codestar-notifications.amazonaws.com", "AWSServiceRoleForCodeStarNotifications"},
    LinkedService{"config.amazonaws.com", "AWSServiceRoleForConfig"},
    LinkedService{"connect.amazonaws.com", "AWSServiceRoleForAmazonConnect", true},
    LinkedService{"dms-fleet-advisor.amazonaws.com", "AWSServiceRoleForDMSFleetAdvisor"},
    LinkedService{"dms.amazonaws.com", "AWSServiceRoleForDMSServerless"},
    LinkedService{"docdb-elastic.amazonaws.com", "AWSServiceRoleForDocDB-Elastic"},
    LinkedService{"ec2-instance-connect.amazonaws.com", "AWSServiceRoleForEc2InstanceConnect"},
    LinkedService{"ec2.application-autoscaling.amazonaws.com",
                  "AWSServiceRoleForApplicationAutoScaling_EC2SpotFleetRequest"},
    LinkedService{"ec2fleet.amazonaws.com", "AWSServiceRoleForEC2Fleet"},
    LinkedService{"ecr.amazonaws.com", "AWSServiceRoleForECRTemplate"},
    LinkedService{"ecs.amazonaws.com", "AWSServiceRoleForECS"},
    LinkedService{"eks-connector.amazonaws.com", "AWSServiceRoleForAmazonEKSConnector"},
    LinkedService{"eks-fargate.amazonaws.com", "AWSServiceRoleForAmazonEKSForFargate"},
    LinkedService{"eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"},
    LinkedService{"eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"},
    LinkedService{"elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"},
    LinkedService{"elasticbeanstalk.amazonaws.com", "AWSServiceRoleForElasticBeanstalk"},
    LinkedService{"elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem"},
    LinkedService{"elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"},
    LinkedService{"email.cognito-idp.amazonaws.com",
                  "AWSServiceRoleForAmazonCognitoIdpEmailService"},
    LinkedService{"emr-containers.amazonaws.com", "AWSServiceRoleForAmazonEMRContainers"},
    LinkedService{"emrwal.amazonaws.com", "AWSServiceRoleForEMRWAL"},
    LinkedService{"fis.amazonaws.com", "AWSServiceRoleForFIS"},
    LinkedService{"grafana.amazonaws.com", "AWSServiceRoleForAmazonGrafana"},
    LinkedService{"guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"},
    LinkedService{"imagebuilder.amazonaws.com", "AWSServiceRoleForImageBuilder"},
    LinkedService{"inspector2.amazonaws.com", "AWSServiceRoleForAmazonInspector2"},
    LinkedService{"iotmanagedintegrations.amazonaws.com",
                  "AWSServiceRoleForIoTManagedIntegrations"},
    LinkedService{"kafka.amazonaws.com", "AWSServiceRoleForKafka"},
    LinkedService{"kafkaconnect.amazonaws.com", "AWSServiceRoleForKafkaConnect"},
    LinkedService{"lakeformation.amazonaws.com", "AWSServiceRoleForLakeFormationDataAccess"},
    LinkedService{"lex.amazonaws.com", "AWSServiceRoleForLexBots"},
    LinkedService{"lexv2.amazonaws.com", "AWSServiceRoleForLexV2Bots", true},
    LinkedService{"lightsail.amazonaws.com", "AWSServiceRoleForLightsail"},
    LinkedService{"m2.amazonaws.com", "AWSServiceRoleForAWSM2"},
    LinkedService{"memorydb.amazonaws.com", "AWSServiceRoleForMemoryDB"},
    LinkedService{"mq.amazonaws.com", "AWSServiceRoleForAmazonMQ"},
    LinkedService{"mrk.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"},
    LinkedService{"notifications.amazonaws.com", "AWSServiceRoleForAwsUserNotifications"},
    LinkedService{"observability.aoss.amazonaws.com",
                  "AWSServiceRoleForAmazonOpenSearchServerless"},
    LinkedService{"opensearchservice.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchService"},
    LinkedService{"ops.apigateway.amazonaws.com", "AWSServiceRoleForAPIGateway"},
    LinkedService{"ops.emr-serverless.amazonaws.com", "AWSServiceRoleForAmazonEMRServerless"},
    LinkedService{"opsdatasync.ssm.amazonaws.com", "AWSServiceRoleForSystemsManagerOpsDataSync"},
    LinkedService{"opsinsights.ssm.amazonaws.com", "AWSServiceRoleForAmazonSSM_OpsInsights"},
    LinkedService{"organizations.amazonaws.com", "AWSServiceRoleForOrganizations"},
    LinkedService{"pullthroughcache.ecr.amazonaws.com", "AWSServiceRoleForECRPullThroughCache"},
    LinkedService{"ram.amazonaws.com", "AWSServiceRoleForResourceAccessManager"},
    LinkedService{"rds.amazonaws.com", "AWSServiceRoleForRDS"},
    LinkedService{"redshift.amazonaws.com", "AWSServiceRoleForRedshift"},
    LinkedService{"replication.cassandra.amazonaws.com", "AWSServiceRoleForKeyspacesReplication"},
    LinkedService{"replication.ecr.amazonaws.com", "AWSServiceRoleForECRReplication"},
    LinkedService{"replicator.lambda.amazonaws.com", "AWSServiceRoleForLambdaReplicator"},
    LinkedService{"repository.sync.codeconnections.amazonaws.com", "AWSServiceRoleForGitSync"},
    LinkedService{"resource-explorer-2.amazonaws.com", "AWSServiceRoleForResourceExplorer"},
    LinkedService{"rolesanywhere.amazonaws.com", "AWSServiceRoleForRolesAnywhere"},
    LinkedService{"s3-outposts.amazonaws.com", "AWSServiceRoleForS3OnOutposts"},
    LinkedService{"ses.amazonaws.com", "AWSServiceRoleForAmazonSES"},
    LinkedService{"shield.amazonaws.com", "AWSServiceRoleForAWSShield"},
    LinkedService{"spot.amazonaws.com", "AWSServiceRoleForEC2Spot"},
    LinkedService{"spotfleet.amazonaws.com", "AWSServiceRoleForEC2SpotFleet"},
    LinkedService{"ssm-incidents.amazonaws.com", "AWSServiceRoleForIncidentManager"},
    LinkedService{"ssm-quicksetup.amazonaws.com", "AWSServiceRoleForSSMQuickSetup"},
    LinkedService{"ssm.amazonaws.com", "AWSServiceRoleForAmazonSSM"},
    LinkedService{"sso.amazonaws.com", "AWSServiceRoleForSSO"},
    LinkedService{"support.amazonaws.com", "AWSServiceRoleForSupport"},
    LinkedService{"trustedadvisor.amazonaws.com", "AWSServiceRoleForTrustedAdvisor"},
    LinkedService{"vpcorigin.cloudfront.amazonaws.com", "AWSServiceRoleForCloudFrontVPCOrigin"},
    LinkedService{"waf.amazonaws.com", "AWSServiceRoleForWAFLogging"},
    LinkedService{"wafv2.amazonaws.com", "AWSServiceRoleForWAFV2Logging"},
};

}  // namespace

const LinkedService* find_linked_service(std::string_view principal) {
  const auto* const found =
      std::find_if(kServices.begin(), kServices.end(),
                   [&](const LinkedService& service) { return service.principal == principal; });
  return found == kServices.end() ? nullptr : found;
}

}  // namespace imdsd::iam::api
