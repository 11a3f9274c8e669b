package triage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
)

const ownTopics = `
version: test-1
topics:
  V.x_school: {parent: V.bullying, nb: Mobbing på skolen, da: Mobning i skolen, en: Bullying at school}
  V.x_class: {parent: V.x_school, nb: Mobbing i klassen, da: Mobning i klassen, en: Bullying in class}
`

// linesFor are always open, each for one topic.
func linesFor(topicOf map[string]string) []byte {
	text := "lines:\n"
	for id, topic := range topicOf {
		text += "  - {id: " + id + ", names: {nb: " + id + "}, operator: test, country: \"NO\", time_zone: Europe/Oslo, " +
			"topics: [" + topic + "], ages: 0-25, languages: [nb], anonymous: true, hours: {chat: [\"every day 00:00-24:00\"]}}\n"
	}
	return []byte(text)
}

// newOwnWorld has the operator's own topics, and lines that serve them.
func newOwnWorld(t *testing.T) *apitest.World {
	t.Helper()
	topics := apitest.Must[*taxonomy.Taxonomy](t)(taxonomy.Parse("topics.yaml", []byte(ownTopics)))
	lines := apitest.Must[[]*handoverv1.Line](t)(linefile.Parse("lines.yaml", linesFor(map[string]string{
		"sender": "V.physical", "bullying": "V.bullying", "school": "V.x_school", "online": "V.cyberbullying",
	}), topics))
	return apitest.NewWorldUnder(t, topics, lines)
}

func tag(d apitest.Desk, conversation string, add, remove []string) error {
	_, err := d.Triage.TagConversation(d.Ctx, &triagev1.TagConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Add: add, Remove: remove,
	})
	return err
}

func recommendation(d apitest.Desk, conversation string) *triagev1.Recommendation {
	d.T.Helper()
	d.Settle()
	assessment, err := d.Triage.GetAssessment(d.Ctx, &triagev1.GetAssessmentRequest{Name: conversation + "/assessment"})
	return apitest.Must[*triagev1.Assessment](d.T)(assessment, err).Recommendation
}

// passing are the lines that may be asked, by id.
func passing(candidates []*routingv1.Candidate) (lines []string) {
	for _, c := range candidates {
		if len(c.Failed) == 0 {
			lines = append(lines, strings.TrimPrefix(c.Line, "lines/"))
		}
	}
	return lines
}

// TestATopicOfTheOperatorsOwn: triage accepts it and recommends the lines that serve its
// parent topics, and routing finds the same.
func TestATopicOfTheOperatorsOwn(t *testing.T) {
	w := newOwnWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	w.Staff()
	w.Settle()
	if err := tag(sender, conversation, []string{"V.x_class"}, nil); err != nil {
		t.Fatal(err)
	}
	want := []string{"bullying", "school"}
	recommended := recommendation(sender, conversation)
	if recommended.GetReason() != handoverv1.RecommendReason_RECOMMEND_REASON_TOPIC_NOT_OURS {
		t.Errorf("recommended %v", recommended)
	}
	if got := passing(recommended.GetDecision().GetCandidates()); !slices.Equal(got, want) {
		t.Errorf("recommended %v, want %v", got, want)
	}
	found, err := sender.Directory.FindLines(w.Ctx, &routingv1.FindLinesRequest{
		Need: &handoverv1.PacketHeader{Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb"}, Topics: []string{"V.x_class"},
	})
	if got := passing(apitest.Must[*routingv1.FindLinesResponse](t)(found, err).GetDecision().GetCandidates()); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// TestATopicThatIsNoMore: a tag from an older taxonomy counts in its group, can be removed,
// and cannot be added again.
func TestATopicThatIsNoMore(t *testing.T) {
	w := newOwnWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	if err := tag(sender, conversation, []string{"V.x_class"}, nil); err != nil {
		t.Fatal(err)
	}
	_, token, err := topics(sender)(1, "")
	if err != nil {
		t.Fatal(err)
	}
	w.Stop()
	w.Topics = nil
	w.Start()
	sender = w.Desk("sender")
	_, _, err = topics(sender)(1, token)
	apitest.WantRefusal(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
	if err := tag(sender, conversation, []string{"V.physical"}, []string{"V.x_class"}); err != nil {
		t.Fatal(err)
	}
	if got := recommendation(sender, conversation); got != nil {
		t.Errorf("recommended %v", got)
	}
	err = tag(sender, conversation, []string{"V.x_class"}, nil)
	apitest.WantRefusal(t, err, codes.InvalidArgument, "TOPIC_UNKNOWN")
}

func TestTopics(t *testing.T) {
	w := newOwnWorld(t)
	sender := w.Desk("sender")
	list, err := sender.Triage.ListTopics(w.Ctx, &triagev1.ListTopicsRequest{PageSize: 500})
	if err != nil || list.Version != "1+test-1" || len(list.Topics) != len(taxonomy.Default().Topics())+2 {
		t.Errorf("%v, %v", list, err)
	}
	class, err := sender.Triage.GetTopic(w.Ctx, &triagev1.GetTopicRequest{Name: "topics/V.x_class"})
	if err != nil || class.Code != "V.x_class" || class.Parent != "V.x_school" || !class.Local || class.Labels["da"] != "Mobning i klassen" {
		t.Errorf("%v, %v", class, err)
	}
	_, err = sender.Triage.GetTopic(w.Ctx, &triagev1.GetTopicRequest{Name: "topics/V.bulying"})
	apitest.WantRefusal(t, err, codes.InvalidArgument, "TOPIC_UNKNOWN")
	if want := "V.bulying is not in the taxonomy; the nearest topic is V.bullying; list the topics to see all"; status.Convert(err).Message() != want {
		t.Errorf("says %q", status.Convert(err).Message())
	}
	_, err = sender.Triage.GetTopic(w.Ctx, &triagev1.GetTopicRequest{Name: "V.bullying"})
	apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
}

// TestAnAssessmentFollowsCustody: the line that had it is told which part it lacks.
func TestAnAssessmentFollowsCustody(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	apitest.MoveCustody(w, conversation)
	sender.Settle()
	request := &triagev1.GetAssessmentRequest{Name: conversation + "/assessment"}
	_, err := sender.Triage.GetAssessment(w.Ctx, request)
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CUSTODY_NOT_YOURS")
	_, err = w.Desk("second").Triage.GetAssessment(w.Ctx, request)
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
}
