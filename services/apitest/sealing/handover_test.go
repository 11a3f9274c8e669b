package sealing_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
)

// party is a desk with the system that seals for its line.
type party struct {
	apitest.Desk
	*sealing.System
	position uint64
	honest   *client.Platform // nil while nobody lies
}

// newParty makes the system of a line, which publishes its keys.
func newParty(w *apitest.World, line string) *party {
	w.T.Helper()
	d := w.Desk(line)
	p := &party{Desk: d, System: load(d)}
	if err := p.Publish(w.Ctx); err != nil {
		w.T.Fatal(err)
	}
	return p
}

func load(d apitest.Desk) *sealing.System {
	d.T.Helper()
	return loadFrom(d, platform.Credentials(platform.IdentityFolder(d.Data), "line", d.Line))
}

func loadFrom(d apitest.Desk, files client.Credentials) *sealing.System {
	d.T.Helper()
	return apitest.Must[*sealing.System](d.T)(sealing.Load(d.Platform, files, d.Clock.Now))
}

// elsewhere is a copy of a line's certificate, without its keys.
func elsewhere(d apitest.Desk) client.Credentials {
	d.T.Helper()
	files := platform.Credentials(platform.IdentityFolder(d.Data), "line", d.Line)
	folder := d.T.TempDir()
	for _, file := range []*string{&files.Cert, &files.Key} {
		to := filepath.Join(folder, filepath.Base(*file))
		if err := os.WriteFile(to, apitest.Must[[]byte](d.T)(os.ReadFile(*file)), 0o600); err != nil {
			d.T.Fatal(err)
		}
		*file = to
	}
	return files
}

const agreedLine = "is safe tonight"

// accepted brings two lines to where the receiver has accepted and nothing was granted.
func accepted(w *apitest.World) (sender, first *party, conversation, handover string) {
	w.T.Helper()
	sender, first = newParty(w, "sender"), newParty(w, "first")
	conversation = sender.OpenConversation()
	return sender, first, conversation, propose(sender, first, conversation)
}

// propose brings a conversation to where the receiver has accepted and nothing was granted.
func propose(sender, receiver *party, conversation string) (handover string) {
	sender.T.Helper()
	return proposeAt(sender, sender, receiver, conversation)
}

// proposeAt is propose while a line carries the child's leg.
func proposeAt(leg, sender, receiver *party, conversation string) (handover string) {
	sender.T.Helper()
	sender.Staff()
	proposed := sender.Recorded(sender.Routing.ProposeHandover(sender.Ctx, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Candidates: []string{"lines/" + receiver.Line},
	}))
	sender.Saw(proposed.Position)
	sender.seals(proposed.Name, agreedLine)
	sender.agrees(proposed.Name, apitest.IntroAndLine...)
	apitest.AskConsent(sender.Desk, receiver.Desk, proposed.Name)
	leg.Recorded(leg.Intake.GiveConsent(leg.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: proposed.Name, Scopes: apitest.IntroAndLine}))
	sender.Settle()
	receiver.accepting(proposed.Name + "/offers/1")
	sender.Saw(receiver.Accept(proposed.Name, "1").Position)
	return proposed.Name
}

// seals seals a version of the one line of a packet.
func (p *party) seals(handover, text string) {
	p.T.Helper()
	part := &intakev1.SealPacketRequest{Handover: handover, Part: handoverv1.Scope_SCOPE_ONE_LINE}
	p.must(p.Seal(p.Ctx, part, text))
	p.must(p.Sealed(part, apitest.Must[*intakev1.SealPacketResponse](p.T)(p.Intake.SealPacket(p.Ctx, part))))
}

func (p *party) agrees(handover string, to ...handoverv1.Scope) {
	p.T.Helper()
	p.must(p.Agreed(handover, to...))
}

func (p *party) accepting(offer string) {
	p.T.Helper()
	p.must(p.System.Accepting(offer))
}

func (p *party) grant(handover string) {
	p.T.Helper()
	p.must(p.Grant(p.Ctx, handover))
}

func (p *party) must(err error) {
	p.T.Helper()
	if err != nil {
		p.T.Fatal(err)
	}
}

// say seals words and sends them.
func (p *party) say(conversation, who, words string, to handoverv1.Audience) {
	p.T.Helper()
	request := &intakev1.SendMessageRequest{Conversation: conversation, Participant: who, Audience: to}
	if err := p.Seal(p.Ctx, request, words); err != nil {
		p.T.Fatal(err)
	}
	p.Recorded(p.Intake.SendMessage(p.Ctx, request))
}

var errRead = errors.New("read")

// reads waits until the party's system has read words.
func (p *party) reads(conversation, words string) {
	p.T.Helper()
	err := client.Watch(p.Ctx, p.Intake.WatchConversation, &intakev1.WatchConversationRequest{Name: conversation, AfterPosition: p.position},
		func(r *intakev1.WatchConversationResponse) error {
			p.position = max(p.position, r.Position)
			read, err := p.Read(p.Ctx, conversation, r)
			if slices.ContainsFunc(read, func(w sealing.Words) bool { return w.Text == words }) {
				return errRead
			}
			return err
		})
	if !errors.Is(err, errRead) {
		p.T.Fatalf("%s does not read %q: %v", p.Line, words, err)
	}
}

// TestAHandoverIsSealed from the packet to the relay after it, with nothing but what both systems know.
func TestAHandoverIsSealed(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, handover := accepted(w)
	if parts := apitest.Must[[]sealing.Part](t)(first.Open(w.Ctx, handover)); parts[0].Text != "" {
		t.Errorf("before the grant the receiver reads %v", parts)
	}
	sender.grant(handover)
	if parts := apitest.Must[[]sealing.Part](t)(first.Open(w.Ctx, handover)); len(parts) != 1 || parts[0].Text != agreedLine {
		t.Errorf("the receiver reads %v", parts)
	}
	sender.Bridge(first.Desk, handover)
	sender.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	sender.say(conversation, "mina", "here is aksel", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "here is aksel")
	first.say(conversation, "aksel", "hello", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "hello")
	sender.Transfer(first.Desk, handover)
	first.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	first.grant(handover)
	w.Leave(sender.Desk, handover)
	first.say(conversation, "aksel", "a plan for tomorrow", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "a plan for tomorrow")
	sender.say(conversation, "child", "yes", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "yes")
}

// TestOnlyWhatWasAgreedIsGranted: a platform that shows a wider yes than the child gave gets nothing.
func TestOnlyWhatWasAgreedIsGranted(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, _, _, handover := accepted(w)
	liar{conversation: func(c *intakev1.Conversation) {
		yes := c.Handovers[0].Consent
		yes.Given = append(yes.Given, handoverv1.Scope_SCOPE_SUMMARY)
	}}.lies(sender)
	if err := sender.Grant(w.Ctx, handover); !errors.Is(err, sealing.ErrAltered) {
		t.Errorf("granted what was not agreed to: %v", err)
	}
}

// TestAYesThatTheLogHasNot takes nothing from the one that it has, and a withdrawal takes all.
func TestAYesThatTheLogHasNot(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, _, _, handover := accepted(w)
	sender.agrees(handover, handoverv1.Scope_SCOPE_INTRO)
	if request, err := sender.Grants(w.Ctx, handover); err != nil || len(request.GetGrants()) != 2 {
		t.Errorf("after a yes that was refused the grants are %v, %v", request, err)
	}
	sender.agrees(handover)
	if err := sender.Grant(w.Ctx, handover); !errors.Is(err, sealing.ErrAltered) {
		t.Errorf("granted what was withdrawn at this line: %v", err)
	}
	sender.Recorded(sender.Intake.WithdrawConsent(w.Ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	sender.sees()
	sender.grant(handover)
}

// TestRotation: a key of a day is replaced, and what was granted to the former one still opens, also after
// a restart of the line's system.
func TestRotation(t *testing.T) {
	w := apitest.NewWorld(t)
	newParty(w, "first")
	w.Clock.Advance(24*time.Hour - 70*time.Second) // a new key counts from a minute before
	sender, first, _, handover := accepted(w)
	sender.grant(handover)
	w.Clock.Advance(20 * time.Second)
	if err := first.Publish(w.Ctx); err != nil {
		t.Fatal(err)
	}
	if listed := first.listed(); len(listed) != 3 {
		t.Errorf("after a day the log has %d keys, want a signing key and two sealing keys", len(listed))
	}
	again := load(first.Desk)
	if err := again.Publish(w.Ctx); err != nil {
		t.Fatal(err)
	}
	if parts := apitest.Must[[]sealing.Part](t)(again.Open(w.Ctx, handover)); parts[0].Text != agreedLine {
		t.Errorf("the former key opens %v", parts)
	}
}

// TestAForeignKeyStopsGrants until the line has revoked it.
func TestAForeignKeyStopsGrants(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, _, handover := accepted(w)
	thief := loadFrom(sender.Desk, elsewhere(sender.Desk))
	if err := thief.StartOver(w.Ctx, handoverv1.KeyRevocation_KEY_REVOCATION_LOST); err != nil {
		t.Fatal(err)
	}
	if err := sender.Grant(w.Ctx, handover); !errors.Is(err, sealing.ErrForeignKey) {
		t.Errorf("granted beside a foreign key: %v", err)
	}
	if _, err := first.Open(w.Ctx, handover); err != nil {
		t.Errorf("the rest does not go on: %v", err)
	}
}
