// Command outside is a program that somebody else wrote: it knows the published
// modules and nothing of the repository.
package main

import (
	"fmt"
	"log"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

func main() {
	refused, err := status.New(codes.FailedPrecondition, "the deadline has passed").WithDetails(
		&errdetails.ErrorInfo{Domain: "stafett", Reason: "TOO_LATE"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Reason(refused.Err()), handoverv1.RefusalReason_value["REFUSAL_REASON_TOO_LATE"] > 0)
	fmt.Println(intakev1.IntakeService_ServiceDesc.ServiceName)
	fmt.Println(verify.TilePath(verify.TileOf(0)))
}
