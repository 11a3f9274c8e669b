package postgres

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/bench/internal/mtls"
)

// phase is how far a conversation's handover has come.
type phase int16

const (
	alone phase = iota
	proposed
	asked
	offered
	accepted
	joined
	bridged
	confirmed
	transferred
	left
	reported
	closed
)

// row is a conversation's state, locked.
type row struct {
	id       string
	custody  string
	epoch    int32
	phase    phase
	receiver string
	people   int16
	number   int32
	head     []byte
}

// decide changes the state, or refuses. It may queue more statements.
type decide func(r *row, caller string, batch *pgx.Batch) error

// request is what all commands have.
type request interface {
	proto.Message
	GetRequestId() string
}

const lock = `SELECT custody, epoch, phase, receiver, people, number, head FROM conversation WHERE id = $1 FOR UPDATE`
const repeated = `SELECT position, payload FROM audit WHERE conversation = $1 AND request = $2`
const update = `UPDATE conversation SET custody = $2, epoch = $3, phase = $4, receiver = $5, people = $6, number = $7, head = $8 WHERE id = $1`
const record = `INSERT INTO audit (conversation, number, request, payload, signature) VALUES ($1, $2, $3, $4, $5) RETURNING position`

// step carries out a command on a conversation in one transaction: it locks the row, decides,
// writes the state and the signed, chained row of the command. Also are statements that lock
// what else it needs.
func (s *service) step(ctx context.Context, command, name string, r request, also func(*pgx.Batch, *row), do decide) (*handoverv1.Recorded, error) {
	id, _, _ := strings.Cut(strings.TrimPrefix(name, "conversations/"), "/")
	state, answer := &row{id: id}, &handoverv1.Recorded{}
	locking := &pgx.Batch{}
	locking.Queue("BEGIN")
	locking.Queue(lock, id).QueryRow(func(found pgx.Row) error {
		return found.Scan(&state.custody, &state.epoch, &state.phase, &state.receiver, &state.people, &state.number, &state.head)
	})
	locking.Queue(repeated, id, uuid.MustParse(r.GetRequestId())).QueryRow(func(found pgx.Row) error {
		return readAgain(found, answer)
	})
	if also != nil {
		also(locking, state)
	}
	err := s.transaction(ctx, locking, func() (*pgx.Batch, error) {
		batch := &pgx.Batch{}
		if answer.Position > 0 {
			return batch, nil
		}
		caller := mtls.Caller(ctx)
		if err := do(state, caller, batch); err != nil {
			return nil, err
		}
		return batch, s.write(batch, state, command, name, caller, r, answer)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, status.Errorf(codes.NotFound, "there is no conversation %s", id)
	}
	return answer, err
}

// readAgain reads the answer to a request that was answered before.
func readAgain(found pgx.Row, answer *handoverv1.Recorded) error {
	var payload []byte
	err := found.Scan(&answer.Position, &payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	commit := &eventv1.Commit{}
	if err == nil {
		err = proto.Unmarshal(payload, commit)
	}
	answer.Name, answer.RecordTime = commit.Name, commit.RecordTime
	return err
}

// write queues the state and the row of the command.
func (s *service) write(batch *pgx.Batch, r *row, command, name, caller string, of request, answer *handoverv1.Recorded) error {
	answer.Name, answer.RecordTime = name, timestamppb.New(time.Now())
	payload, signature, err := s.sign(r, command, caller, of, answer)
	if err != nil {
		return err
	}
	head := sha256.Sum256(payload)
	r.number, r.head = r.number+1, head[:]
	batch.Queue(update, r.id, r.custody, r.epoch, r.phase, r.receiver, r.people, r.number, r.head)
	batch.Queue(record, r.id, r.number, uuid.MustParse(of.GetRequestId()), payload, signature).QueryRow(func(made pgx.Row) error {
		return made.Scan(&answer.Position)
	})
	return nil
}

// sign makes the row's payload: the command, and the hash of the row before it.
func (s *service) sign(r *row, command, caller string, of request, answer *handoverv1.Recorded) (payload, signature []byte, err error) {
	body, err := proto.Marshal(of)
	if err != nil {
		return nil, nil, err
	}
	id, hash := uuid.MustParse(of.GetRequestId()), sha256.Sum256(body)
	payload, err = proto.Marshal(&eventv1.Commit{
		Id: uuid.NewString(), Subject: r.id, Service: "postgres", RecordTime: answer.RecordTime, Caller: caller, Command: command,
		RequestId: id[:], RequestHash: hash[:16], PreviousHash: r.head, Number: uint32(r.number + 1), Name: answer.Name,
	})
	return payload, ed25519.Sign(s.key, payload), err
}

func newKey() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

// refuse is the answer to a command that the state does not allow.
func refuse(command string, r *row) error {
	return status.Errorf(codes.FailedPrecondition, "%s: the handover is in phase %d, and %s has custody", command, r.phase, r.custody)
}
