// Package load opens conversations on a platform while it is damaged, remembers what was
// acknowledged, and says afterwards what is missing and what is answered differently.
package load

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/platform"
)

// opening is a command with the answer that its line got. It has none while it is open.
type opening struct {
	line     *client.Platform
	request  *intakev1.OpenConversationRequest
	recorded *handoverv1.Recorded
}

// Load is some lines that open conversations, each one after the other.
type Load struct {
	lines   []*client.Platform
	auditor *client.Platform
	stop    context.CancelFunc
	writers sync.WaitGroup

	mu           sync.Mutex
	acknowledged []opening
	open         []opening
	also         map[uint64]string // what others were told, by position
	reasons      map[string]int
	newest       time.Time     // when the newest of the acknowledged was sent
	arrived      chan struct{} // closed with each acknowledgement, and made again
}

// lines are of the built-in directory. Each may open 200 at once and 10 a second.
var lines = []string{"snakkompsyken", "snakkommobbing", "brus", "cyberhus"}

// Start connects with the certificates of a folder and begins to write.
func Start(at client.Addresses, identity string) (*Load, error) {
	l := &Load{also: map[uint64]string{}, reasons: map[string]int{}, arrived: make(chan struct{})}
	for _, name := range lines {
		line, err := client.Connect(at, platform.Credentials(identity, "line", name))
		if err != nil {
			return nil, err
		}
		l.lines = append(l.lines, line)
	}
	var err error
	if l.auditor, err = client.Connect(at, platform.Credentials(identity, "auditor", "auditor")); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	for _, line := range l.lines {
		l.writers.Go(func() { l.write(ctx, line) })
	}
	return l, nil
}

// Stop ends the writing; what was not answered stays open.
func (l *Load) Stop() {
	l.stop()
	l.writers.Wait()
}

// Close closes the connections.
func (l *Load) Close() (failed error) {
	l.Stop()
	for _, each := range append(l.lines, l.auditor) {
		failed = errors.Join(failed, each.Close())
	}
	return failed
}

// write opens conversations, and repeats each request until it is acknowledged.
func (l *Load) write(ctx context.Context, line *client.Platform) {
	for ctx.Err() == nil {
		o := opening{line: line, request: &intakev1.OpenConversationRequest{
			RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
		}}
		sent := time.Now()
		for ctx.Err() == nil && o.recorded == nil {
			sent = time.Now()
			o.recorded = l.once(ctx, o)
			pause(ctx, 40*time.Millisecond)
		}
		l.keep(o, sent)
	}
}

// answerWithin is how long an answer may take before the request is repeated. A service takes ten seconds at most,
// and says then why it could not record anything.
const answerWithin = 15 * time.Second

// once sends a request and counts why it was not answered.
func (l *Load) once(ctx context.Context, o opening) *handoverv1.Recorded {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	answer, err := o.line.Intake.OpenConversation(ctx, o.request)
	if reason := client.Reason(err); reason != "" {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.reasons[reason]++
	}
	if err != nil {
		return nil
	}
	return answer.GetRecorded()
}

func (l *Load) keep(o opening, sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.recorded == nil {
		l.open = append(l.open, o)
		return
	}
	l.acknowledged = append(l.acknowledged, o)
	if sent.After(l.newest) {
		l.newest = sent
	}
	close(l.arrived)
	l.arrived = make(chan struct{})
}

// pause waits up to a time at random.
func pause(ctx context.Context, most time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(rand.N(most)):
	}
}
