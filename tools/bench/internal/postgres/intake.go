package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/tools/bench/internal/mtls"
)

// intake answers the commands of the conversation.
type intake struct {
	intakev1.UnimplementedIntakeServiceServer
	*service
}

const open = `INSERT INTO conversation (id, custody, people, number, head) VALUES ($1, $2, 1, 0, '')`

func (s intake) OpenConversation(ctx context.Context, r *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
	state := &row{id: strings.ReplaceAll(uuid.NewString(), "-", ""), custody: mtls.Caller(ctx), epoch: 1, people: 1}
	answer, batch := &handoverv1.Recorded{}, &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(open, state.id, state.custody)
	if err := s.write(batch, state, "OpenConversation", "conversations/"+state.id, state.custody, r, answer); err != nil {
		return nil, err
	}
	batch.Queue("COMMIT")
	err := s.pool.SendBatch(ctx, batch).Close()
	return &intakev1.OpenConversationResponse{Recorded: answer}, err
}

func (s intake) JoinConversation(ctx context.Context, r *intakev1.JoinConversationRequest) (*intakev1.JoinConversationResponse, error) {
	answer, err := s.step(ctx, "JoinConversation", r.Conversation, r, nil, func(c *row, caller string, _ *pgx.Batch) error {
		if c.custody != caller || c.phase == closed {
			return refuse("JoinConversation", c)
		}
		c.people++
		return nil
	})
	return &intakev1.JoinConversationResponse{Recorded: answer}, err
}

const seal = `INSERT INTO packet (conversation, part, sealed) VALUES ($1, $2, $3) ON CONFLICT (conversation, part) DO UPDATE SET sealed = $3`

func (s intake) SealPacket(ctx context.Context, r *intakev1.SealPacketRequest) (*intakev1.SealPacketResponse, error) {
	answer, err := s.step(ctx, "SealPacket", r.Handover, r, nil, func(c *row, caller string, batch *pgx.Batch) error {
		if c.custody != caller || c.phase != proposed {
			return refuse("SealPacket", c)
		}
		batch.Queue(seal, c.id, int16(r.Part), r.Sealed)
		return nil
	})
	return &intakev1.SealPacketResponse{Recorded: answer}, err
}

func (s intake) AskConsent(ctx context.Context, r *intakev1.AskConsentRequest) (*intakev1.AskConsentResponse, error) {
	answer, err := s.step(ctx, "AskConsent", r.Handover, r, nil, moves("AskConsent", bySender, proposed, asked))
	return &intakev1.AskConsentResponse{Recorded: answer}, err
}

const (
	seat = `SELECT free - taken FROM line WHERE id = (SELECT receiver FROM conversation WHERE id = $1) FOR UPDATE`
	take = `UPDATE line SET taken = taken + 1 WHERE id = $1`
	free = `UPDATE line SET taken = taken - 1 WHERE id = $1`
)

// GiveConsent takes a seat of the receiving line, offers it the child, and tells its watchers.
func (s intake) GiveConsent(ctx context.Context, r *intakev1.GiveConsentRequest) (*intakev1.GiveConsentResponse, error) {
	seats := 0
	also := func(locking *pgx.Batch, c *row) {
		locking.Queue(seat, c.id).QueryRow(func(found pgx.Row) error { return found.Scan(&seats) })
	}
	answer, err := s.step(ctx, "GiveConsent", r.Handover, r, also, func(c *row, caller string, batch *pgx.Batch) error {
		if c.custody != caller || c.phase != asked || seats < 1 {
			return refuse("GiveConsent", c)
		}
		c.phase = offered
		batch.Queue(take, c.receiver)
		batch.Queue(notify, offersChannel, c.receiver+" "+r.Handover)
		return nil
	})
	return &intakev1.GiveConsentResponse{Recorded: answer}, err
}

// AgreeToHandover moves custody, and tells the receiver's watchers.
func (s intake) AgreeToHandover(ctx context.Context, r *intakev1.AgreeToHandoverRequest) (*intakev1.AgreeToHandoverResponse, error) {
	answer, err := s.step(ctx, "AgreeToHandover", r.Handover, r, nil, func(c *row, caller string, batch *pgx.Batch) error {
		if c.custody != caller || c.phase != confirmed {
			return refuse("AgreeToHandover", c)
		}
		c.custody, c.epoch, c.phase = c.receiver, c.epoch+1, transferred
		batch.Queue(free, c.receiver)
		batch.Queue(notify, custodyChannel, c.receiver+" "+c.id)
		return nil
	})
	return &intakev1.AgreeToHandoverResponse{Recorded: answer}, err
}

func (s intake) CloseConversation(ctx context.Context, r *intakev1.CloseConversationRequest) (*intakev1.CloseConversationResponse, error) {
	answer, err := s.step(ctx, "CloseConversation", r.Conversation, r, nil, moves("CloseConversation", byCustody, reported, closed))
	return &intakev1.CloseConversationResponse{Recorded: answer}, err
}
