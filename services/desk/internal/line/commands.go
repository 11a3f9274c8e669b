package line

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// Patience is how long a page waits for a command. The person then hears that it is not certain, and
// sends the same request again.
const Patience = 20 * time.Second

// recorded is the answer to a command.
type recorded interface{ GetRecorded() *handoverv1.Recorded }

// Do gives a command and reads its conversation afterwards, so that the page that follows shows it.
func Do[Request proto.Message, Response recorded](ctx context.Context, l *Line, conversation string,
	call func(context.Context, Request, ...grpc.CallOption) (Response, error), request Request) (answer Response, err error) {
	conversation = conversationOf(conversation)
	answer, err = client.Send(ctx, call, request)
	if err == nil {
		l.Saw(conversation, answer.GetRecorded().GetPosition())
		l.refresh(ctx, conversation)
	}
	return answer, err
}

// Saw notes a position, so that what is read from now on is at least as new.
func (l *Line) Saw(conversation string, position uint64) {
	l.Keys.Saw(position)
	if e := l.find(conversation); e != nil {
		l.mu.Lock()
		e.position = max(e.position, position)
		l.mu.Unlock()
	}
}

// Derived is the request id of a command that one form sends after another.
func Derived(id, what string) string {
	return uuid.NewSHA1(uuid.MustParse(id), []byte(what)).String()
}

// OpenConversation opens a conversation for the child whose secret it is: once, however often the child's window asks.
func (l *Line) OpenConversation(ctx context.Context, secret, language string, ages *handoverv1.AgeBand) (View, error) {
	l.Wake()
	if v, known := l.BySecret(secret); known {
		return v, nil
	}
	hash := talk.Hash(secret)
	child := hash[:32]
	request := &intakev1.OpenConversationRequest{
		RequestId: Derived(uuid.NameSpaceOID.String(), hash), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: language, AgeBand: ages, Child: child,
	}
	answer, err := client.Send(ctx, l.Platform.Intake.OpenConversation, request)
	if err != nil {
		return View{}, err
	}
	name := answer.Recorded.Name
	l.ChildIsHere(name)
	e, err := l.entry(name, func() talk.Talk {
		return talk.Talk{Name: name, Opened: l.Now(), Child: child, Secret: hash, Language: language}
	})
	if err != nil {
		return View{}, err
	}
	l.Saw(name, answer.Recorded.Position)
	l.look(ctx, e)
	l.Hub.Changed("")
	return l.snapshot(e), nil
}

// Take has one of the line's people join a conversation.
func (l *Line) Take(ctx context.Context, request, conversation, person string) error {
	v, known := l.View(conversation)
	if !known {
		return ErrUnknown
	}
	if slices.Contains(v.Present(l.Name()), person) {
		return nil
	}
	err := l.join(ctx, v, request, person, handoverv1.Role_ROLE_COUNSELLOR)
	l.refresh(ctx, conversation)
	return err
}

// Accept accepts an offer for a person, who joins at once.
func (l *Line) Accept(ctx context.Context, request, offer, person string) error {
	if err := l.Keys.Accepting(offer); err != nil {
		return err
	}
	answer, err := Do(ctx, l, conversationOf(offer), l.Platform.Routing.AcceptOffer, &routingv1.AcceptOfferRequest{RequestId: request, Offer: offer})
	if err != nil {
		return err
	}
	if err := l.adopt(offer); err != nil {
		return err
	}
	l.Saw(conversationOf(offer), answer.Recorded.Position)
	l.refresh(ctx, conversationOf(offer))
	return l.Take(ctx, Derived(request, "join"), conversationOf(offer), person)
}

const sealedKind = "sealed"

// SealPart seals what the child is to be shown. The same form seals once: its blob is kept and repeated.
func (l *Line) SealPart(ctx context.Context, id, handover string, part handoverv1.Scope, text string) error {
	e := l.find(conversationOf(handover))
	if e == nil {
		return ErrUnknown
	}
	request := &intakev1.SealPacketRequest{RequestId: id, Handover: handover, Part: part}
	if err := l.sealOnce(ctx, request, text); err != nil {
		return err
	}
	answer, err := Do(ctx, l, e.name, l.Platform.Intake.SealPacket, request)
	if err != nil {
		return err
	}
	if err := l.Keys.Sealed(request, answer); err != nil {
		return err
	}
	return l.keepDraft(e, talk.Draft{Handover: handover, Scope: part, Text: text})
}

// sealOnce seals a part, or takes the blob that was made for the same request.
func (l *Line) sealOnce(ctx context.Context, request *intakev1.SealPacketRequest, text string) error {
	if l.Store.Get(sealedKind, request.RequestId, &request.Sealed) == nil {
		return nil
	}
	if err := l.Keys.Seal(ctx, request, text); err != nil {
		return err
	}
	return l.Store.Put(sealedKind, request.RequestId, request.Sealed)
}

// keepDraft keeps a text with the commitment that the log has to it.
func (l *Line) keepDraft(e *entry, d talk.Draft) error {
	for _, part := range l.snapshot(e).Handover().GetPacketParts() {
		if part.Part == d.Scope {
			d.Commitment = part.Commitment
		}
	}
	err := l.edit(e, func(t *talk.Talk) { t.Keep(d) })
	l.changed(e)
	return err
}

// Shown are the parts of a packet that the child can be shown: those whose text is the one that the log
// has a commitment to.
func (v View) Shown() (all []talk.Draft) {
	h := v.Handover()
	for _, d := range v.Drafts {
		current := slices.ContainsFunc(h.GetPacketParts(), func(p *handoverv1.PacketPart) bool {
			return p.Part == d.Scope && string(p.Commitment) == string(d.Commitment)
		})
		if d.Handover == h.GetName() && current {
			all = append(all, d)
		}
	}
	return all
}

// Withdraw records that the child takes its yes back. It counts at this line at once.
func (l *Line) Withdraw(ctx context.Context, request string, v View) error {
	h := v.Handover().GetName()
	if err := l.Keys.Agreed(h); err != nil {
		return err
	}
	_, err := Do(ctx, l, v.Name, l.Platform.Intake.WithdrawConsent, &intakev1.WithdrawConsentRequest{RequestId: request, Handover: h})
	return err
}

// Agree records the child's yes to scopes, and to the parts as it was shown them.
func (l *Line) Agree(ctx context.Context, request string, v View, scopes []handoverv1.Scope, shown []*handoverv1.PacketPart) error {
	h := v.Handover()
	if err := l.Keys.Agreed(h.GetName(), scopes...); err != nil {
		return err
	}
	_, err := Do(ctx, l, v.Name, l.Platform.Intake.GiveConsent, &intakev1.GiveConsentRequest{RequestId: request, Handover: h.GetName(), Scopes: scopes, Shown: shown})
	return err
}
