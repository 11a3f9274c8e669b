package warm

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// Keys are the systems that seal for the two lines of a pair.
type Keys struct{ From, To *sealing.System }

// seal sends what was agreed. Without keys its blob has the form of one, and nobody opens it.
func (c *conversation) seal(ctx context.Context) error {
	request := &intakev1.SealPacketRequest{RequestId: uuid.NewString(), Handover: c.handover, Part: handoverv1.Scope_SCOPE_ONE_LINE}
	if c.Keys == nil {
		request.Sealed = shaped()
		_, err := call(c, ctx, c.From.Intake.SealPacket, request)
		return err
	}
	c.Keys.From.Saw(c.proposed)
	if err := c.Keys.From.Seal(ctx, request, agreed); err != nil {
		return err
	}
	var sealed *intakev1.SealPacketResponse
	_, err := call(c, ctx, func(ctx context.Context, r *intakev1.SealPacketRequest, o ...option) (_ *intakev1.SealPacketResponse, err error) {
		sealed, err = c.From.Intake.SealPacket(ctx, r, o...)
		return sealed, err
	}, request)
	if err != nil {
		return err
	}
	return c.Keys.From.Sealed(request, sealed)
}

// agree says at the sender what the child agreed to.
func (c *conversation) agree() error {
	if c.Keys == nil {
		return nil
	}
	return c.Keys.From.Agreed(c.handover, scopes...)
}

// accepting says at the receiver what it accepts.
func (c *conversation) accepting() error {
	if c.Keys == nil {
		return nil
	}
	return c.Keys.To.Accepting(c.offer)
}

const agreed = "Is hit at home, and is safe tonight."

// shaped has the version and the size of a blob of the first bucket.
func shaped() []byte {
	blob := make([]byte, 345)
	blob[0] = 1
	return blob
}

// open grants what was agreed, and opens it at the receiver. Without keys there is nothing to grant.
func (c *conversation) open(ctx context.Context) error {
	if c.Keys == nil {
		return nil
	}
	c.Keys.From.Saw(c.accepted)
	if err := c.Keys.From.Grant(ctx, c.handover); err != nil {
		return err
	}
	parts, err := c.Keys.To.Open(ctx, c.handover)
	if err == nil && (len(parts) != 1 || parts[0].Text != agreed) {
		err = fmt.Errorf("%w: the receiver reads %v", seal.ErrOpen, parts)
	}
	return err
}
