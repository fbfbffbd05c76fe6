// SPDX-License-Identifier: MIT

// The SDK for Go v2 under test; see tests/support/program.py for the commands.
//
//	conformance default|instance-profile
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

type answer map[string]any

// An SDK set up once, as a long-lived process does; refresh makes a new one.
type sdk struct {
	provider string
	config   aws.Config
	sts      *sts.Client
}

func newSDK(ctx context.Context, provider string) (*sdk, error) {
	options := []func(*config.LoadOptions) error{config.WithEC2IMDSRegion()}
	if provider == "instance-profile" {
		options = append(options, config.WithCredentialsProvider(aws.NewCredentialsCache(ec2rolecreds.New())))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, err
	}
	return &sdk{provider: provider, config: loaded, sts: sts.NewFromConfig(loaded)}, nil
}

func (s *sdk) identity(ctx context.Context) (answer, error) {
	out, err := s.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, err
	}
	return answer{"arn": *out.Arn, "account": *out.Account, "user_id": *out.UserId}, nil
}

func (s *sdk) credentials(ctx context.Context) (answer, error) {
	c, err := s.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	return answer{
		"access_key_id": c.AccessKeyID,
		"expiration":    c.Expires.UTC().Format(time.RFC3339),
		"source":        c.Source,
	}, nil
}

// region is what a client that was told none uses, and the same from the SDK's metadata client.
func (s *sdk) region(ctx context.Context) (answer, error) {
	out, err := imds.NewFromConfig(s.config).GetRegion(ctx, &imds.GetRegionInput{})
	if err != nil {
		return nil, err
	}
	return answer{"region": s.config.Region, "metadata_region": out.Region}, nil
}

func (s *sdk) do(ctx context.Context, command string) (answer, error) {
	switch command {
	case "identity":
		return s.identity(ctx)
	case "credentials":
		return s.credentials(ctx)
	case "region":
		return s.region(ctx)
	case "refresh":
		fresh, err := newSDK(ctx, s.provider)
		if err == nil {
			*s = *fresh
		}
		return answer{}, err
	}
	return nil, fmt.Errorf("unknown command %q", command)
}

func main() {
	ctx := context.Background()
	provider := "default"
	if len(os.Args) > 1 {
		provider = os.Args[1]
	}
	s, err := newSDK(ctx, provider)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := json.NewEncoder(os.Stdout)
	for in := bufio.NewScanner(os.Stdin); in.Scan() && in.Text() != "quit"; {
		result, err := s.do(ctx, in.Text())
		if err != nil {
			result = answer{"ok": false, "error": err.Error()}
		} else {
			result["ok"] = true
		}
		if err := out.Encode(result); err != nil {
			os.Exit(1)
		}
	}
}
