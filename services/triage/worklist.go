package triage

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/refusal"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
	"github.com/stafett/stafett/services/internal/seats"
)

var (
	// worklistBucket has the open conversations of each line: by line and the
	// position since which the line has had custody, the conversation's id.
	worklistBucket = []byte("worklist")
	// placesBucket has each open conversation's key in the worklist, by id.
	placesBucket = []byte("places")
)

// rest: no watch waits for what triage projects, and its commands catch up by themselves.
const rest = 50 * time.Millisecond

// Definition defines the service's projection.
func Definition() projection.Definition {
	return projection.Definition{
		Version:  "triage/11",
		Receipts: true,
		Rest:     rest,
		Buckets:  slices.Concat(conversations.Buckets, []string{string(worklistBucket), string(placesBucket)}, livedirectory.Buckets),
		Apply:    apply,
	}
}

func apply(tx *projection.Tx, entry eventlog.Entry) error {
	if err := livedirectory.Project(tx.Tx, entry); err != nil {
		return err
	}
	state, err := conversations.Apply(tx, entry)
	if err != nil || state == nil {
		return err
	}
	if err := seats.ProjectOffers(tx.Tx, entry, state.Conversation); err != nil {
		return err
	}
	for _, e := range entry.Commit.Events {
		if e.GetCustodyOpened() != nil || e.GetCustodyTransferred() != nil || e.GetCustodyClosed() != nil {
			return list(tx.Tx, entry, state.Conversation.Custody.Line)
		}
	}
	return nil
}

// list moves a conversation to the end of a line's worklist, or removes it from all worklists
// if line is empty.
func list(tx *bbolt.Tx, entry eventlog.Entry, line string) error {
	id := []byte(entry.Conversation())
	worklist, places := tx.Bucket(worklistBucket), tx.Bucket(placesBucket)
	if before := places.Get(id); before != nil {
		if err := worklist.Delete(before); err != nil {
			return err
		}
	}
	if line == "" {
		return places.Delete(id)
	}
	key := projection.Key(line, entry.Position)
	if err := worklist.Put(key, id); err != nil {
		return err
	}
	return places.Put(id, key)
}

// ListWorkItems lists the open conversations in a line's custody, longest first.
func (s *Service) ListWorkItems(ctx context.Context, r *triagev1.ListWorkItemsRequest) (*triagev1.ListWorkItemsResponse, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	line := rpc.Caller(ctx).ID
	after, err := rpc.ReadPageToken("worklist "+line, r.PageToken)
	if err != nil {
		return nil, err
	}
	response := &triagev1.ListWorkItemsResponse{}
	err = s.model.View(func(tx *bbolt.Tx) error {
		return page(tx, line, after, rpc.PageSize(r.PageSize), response)
	})
	return response, err
}

// page fills a page of a line's worklist, starting after a key.
func page(tx *bbolt.Tx, line, after string, size int, response *triagev1.ListWorkItemsResponse) error {
	prefix := projection.Prefix(line)
	cursor := tx.Bucket(worklistBucket).Cursor()
	var last []byte
	for k, id := cursor.Seek([]byte(max(string(prefix), after))); bytes.HasPrefix(k, prefix); k, id = cursor.Next() {
		if string(k) == after {
			continue
		}
		if len(response.WorkItems) == size {
			response.NextPageToken = rpc.PageToken("worklist "+line, string(last))
			return nil
		}
		state, err := conversations.Get(tx, string(id))
		if err != nil {
			return err
		}
		response.WorkItems, last = append(response.WorkItems, item(state.Conversation)), k
	}
	return nil
}

func item(c *statev1.Conversation) *triagev1.WorkItem {
	work := &triagev1.WorkItem{Conversation: c.Name, CreateTime: c.CreateTime, Assessment: view.Assessment(c)}
	if h := handover.Of(c).Current(); h.Exists() && !h.Ended() {
		work.HandoverState = h.State
	}
	return work
}

// GetAssessment returns a conversation's assessment to the line with custody.
func (s *Service) GetAssessment(ctx context.Context, r *triagev1.GetAssessmentRequest) (*triagev1.Assessment, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	name, err := rpc.ParseName(strings.TrimSuffix(r.Name, "/assessment"))
	if err != nil {
		return nil, err
	}
	state, err := s.conversations.State(ctx, name.Conversation)
	if err != nil {
		return nil, err
	}
	if err := decide.RequireVisible(state, rpc.Caller(ctx).ID); err != nil {
		return nil, err
	}
	c := state.Conversation
	if c.Custody.Line != rpc.Caller(ctx).ID {
		return nil, refusal.CustodyNotYours(fmt.Sprintf("%s is in another line's custody, and so is its assessment", c.Name),
			"conversation", c.Name)
	}
	return view.Assessment(c), nil
}
