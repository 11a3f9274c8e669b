package witnesses_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/internal/witnesses"
)

func cosigner(seed byte) verify.Cosigner {
	return verifytest.Witness(fmt.Sprint("witness.test/w", seed), seed)
}

var (
	logKey       = verifytest.Log("stafett.test/history", 1)
	ours, theirs = cosigner(2), cosigner(3)
)

// cosigned is a witness's line for a checkpoint.
func cosigned(c verify.Checkpoint, with note.Signer) string {
	return string(verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, with))[len(c.Text())+1:])
}

func checkpoint(size int64) verify.Checkpoint {
	return verify.Checkpoint{Origin: logKey.Name(), Size: size, Root: tlog.RecordHash(fmt.Append(nil, size))}
}

// proofFrom is what the requests here have for a proof.
func proofFrom(older int64) tlog.TreeProof {
	if older == 0 {
		return nil
	}
	return tlog.TreeProof{tlog.RecordHash(fmt.Append(nil, "from ", older))}
}

func request(size int64) witnesses.Request {
	c := checkpoint(size)
	return witnesses.Request{Checkpoint: c, Signed: verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, logKey)), Prove: func(older int64) (tlog.TreeProof, error) {
		return proofFrom(older), nil
	}}
}

// body is how a request must come to the witness.
func body(older int64, r witnesses.Request) string {
	text := fmt.Sprintf("old %d\n", older)
	for _, hash := range proofFrom(older) {
		text += hash.String() + "\n"
	}
	return text + "\n" + string(r.Signed)
}

// scripted is a witness that gives one answer after another, and remembers what it
// was asked.
type scripted struct {
	answers []answer
	asked   []string
}

type answer struct {
	status int
	text   string
}

func (s *scripted) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	asked, _ := io.ReadAll(r.Body)
	s.asked = append(s.asked, r.Method+" "+r.URL.Path+" "+string(asked))
	next := answer{http.StatusTeapot, "it was asked too often"}
	if len(s.answers) > 0 {
		next, s.answers = s.answers[0], s.answers[1:]
	}
	out.WriteHeader(next.status)
	io.WriteString(out, next.text)
}

// asking makes those who ask one witness.
func asking(t *testing.T, witness http.Handler) *witnesses.Witnesses {
	t.Helper()
	server := httptest.NewServer(witness)
	t.Cleanup(server.Close)
	policy := fmt.Sprintf("log %s\nwitness w %s %s/\nwitness silent %s\ngroup any any w silent\nquorum any\n", logKey.VKey(), ours.VKey(), server.URL, theirs.VKey())
	return witnesses.New(verifytest.Must(verify.ParsePolicy([]byte(policy))))
}

func TestAWitnessIsAskedFromWhereItIs(t *testing.T) {
	ten, twenty := request(10), request(20)
	witness := &scripted{answers: []answer{
		{409, "7\n"}, {200, cosigned(ten.Checkpoint, ours)}, // it knows more than was thought
		{200, cosigned(twenty.Checkpoint, ours)},
		{409, "10\n"}, {200, cosigned(twenty.Checkpoint, ours)}, // it knows less: it was restored
	}}
	w := asking(t, witness)
	for i, r := range []witnesses.Request{ten, twenty, twenty} {
		signed, failed := w.Cosign(t.Context(), r)
		if want := string(r.Signed) + cosigned(r.Checkpoint, ours); len(failed) > 0 || string(signed) != want {
			t.Errorf("request %d: %q, %v", i, signed, failed)
		}
	}
	want := []string{body(0, ten), body(7, ten), body(10, twenty), body(20, twenty), body(10, twenty)}
	for i := range want {
		want[i] = "POST /add-checkpoint " + want[i]
	}
	if !slices.Equal(witness.asked, want) {
		t.Errorf("it was asked %q, want %q", witness.asked, want)
	}
}

// TestOtherHistories: the answers of a witness that has cosigned something that this history
// does not extend.
func TestOtherHistories(t *testing.T) {
	for name, answers := range map[string][]answer{
		"another root":          {{409, "0\n"}},
		"no size":               {{409, "what"}},
		"a size below zero":     {{409, "-3\n"}},
		"a longer one":          {{409, "11\n"}},
		"it does not continue":  {{409, "7\n"}, {422, "no"}},
		"another root at seven": {{409, "7\n"}, {409, "7\n"}},
	} {
		witness := &scripted{answers: answers}
		signed, failed := asking(t, witness).Cosign(t.Context(), request(10))
		if !errors.Is(failed["w"], witnesses.ErrOtherHistory) || string(signed) != string(request(10).Signed) || len(witness.asked) != len(answers) {
			t.Errorf("%s: %q, %v, asked %d times", name, signed, failed, len(witness.asked))
		}
	}
	w := asking(t, &scripted{answers: []answer{{200, cosigned(checkpoint(20), ours)}}})
	if _, failed := w.Cosign(t.Context(), request(20)); len(failed) > 0 {
		t.Fatal(failed)
	}
	if _, failed := w.Cosign(t.Context(), request(10)); !errors.Is(failed["w"], witnesses.ErrOtherHistory) {
		t.Errorf("a shorter one than it has cosigned: %v", failed)
	}
}

// TestAnswersThatAreNoCosignature are not added, and the witness is asked again next time.
func TestAnswersThatAreNoCosignature(t *testing.T) {
	right := cosigned(checkpoint(10), ours)
	altered := []byte(right)
	altered[len(altered)-10] ^= 1
	for name, wrong := range map[string]answer{
		"nothing":                       {200, ""},
		"altered":                       {200, string(altered)},
		"another's":                     {200, cosigned(checkpoint(10), theirs)},
		"of another checkpoint":         {200, cosigned(checkpoint(9), ours)},
		"the log's own signature":       {200, cosigned(checkpoint(10), logKey)},
		"a page":                        {200, "<html>\n" + right},
		"without its end":               {200, strings.TrimSuffix(right, "\n")},
		"too much":                      {200, right + strings.Repeat(cosigned(checkpoint(10), theirs), 1000)},
		"endless":                       {200, strings.Repeat("x", 1<<20)},
		"a size that moves":             {409, "7\n"},
		"forbidden":                     {403, "who are you"},
		"not found":                     {404, ""},
		"broken":                        {500, right},
		"a cosignature with status 201": {201, right},
	} {
		witness := &scripted{answers: []answer{wrong}}
		if wrong.status == http.StatusConflict {
			witness.answers = append(witness.answers, answer{409, "8\n"})
		}
		w := asking(t, witness)
		signed, failed := w.Cosign(t.Context(), request(10))
		if failed["w"] == nil || errors.Is(failed["w"], witnesses.ErrOtherHistory) || string(signed) != string(request(10).Signed) || len(failed["w"].Error()) > 1000 {
			t.Errorf("%s: %.300q, %v", name, signed, failed)
		}
		witness.answers = []answer{{200, right}}
		if signed, failed := w.Cosign(t.Context(), request(10)); len(failed) > 0 || !strings.HasSuffix(string(signed), right) {
			t.Errorf("after %s: %.300q, %v", name, signed, failed)
		}
	}
}

// TestOnlyItsOwnLineIsTaken of an answer with several.
func TestOnlyItsOwnLineIsTaken(t *testing.T) {
	c := checkpoint(10)
	w := asking(t, &scripted{answers: []answer{{200, cosigned(c, theirs) + cosigned(c, ours)}}})
	if signed, failed := w.Cosign(t.Context(), request(10)); len(failed) > 0 || string(signed) != string(request(10).Signed)+cosigned(c, ours) {
		t.Errorf("%q, %v", signed, failed)
	}
}

// TestAWitnessThatDoesNotAnswer is waited for no longer than is said, and the others'
// cosignatures count.
func TestAWitnessThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer hanging.Close()
	defer close(released)
	c := checkpoint(10)
	answering := httptest.NewServer(&scripted{answers: []answer{{200, cosigned(c, ours)}, {200, cosigned(c, ours)}}})
	defer answering.Close()
	policy := fmt.Sprintf("witness w %s %s\nwitness slow %s %s\nquorum w\n", ours.VKey(), answering.URL, theirs.VKey(), hanging.URL)
	w := witnesses.New(verifytest.Must(verify.ParsePolicy([]byte(policy))))
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	for _, ctx := range []context.Context{ctx, t.Context()} {
		began := time.Now()
		signed, failed := w.Cosign(ctx, request(10))
		if failed["slow"] == nil || len(failed) != 1 || !strings.HasSuffix(string(signed), cosigned(c, ours)) {
			t.Errorf("%q, %v", signed, failed)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %s", took)
		}
	}
}

// TestWithoutAProofNothingIsAsked.
func TestWithoutAProofNothingIsAsked(t *testing.T) {
	witness, r, broken := &scripted{}, request(10), errors.New("the tree is damaged")
	r.Prove = func(int64) (tlog.TreeProof, error) { return nil, broken }
	if _, failed := asking(t, witness).Cosign(t.Context(), r); !errors.Is(failed["w"], broken) || len(witness.asked) > 0 {
		t.Errorf("it is asked %q, %v", witness.asked, failed)
	}
}

// TestOneThatHangsHoldsUpNobody: once enough have cosigned, the others are waited for briefly
// and reported as late. A required one is waited for, but not forever.
func TestOneThatHangsHoldsUpNobody(t *testing.T) {
	hangs := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(hangs) })
	r := request(10)
	quick := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		io.WriteString(out, cosigned(r.Checkpoint, ours))
	}))
	t.Cleanup(quick.Close)
	for quorum, c := range map[string]struct {
		within time.Duration // each witness may take five seconds
		says   string
	}{"none": {4 * time.Second, "had not answered"}, "quick": {4 * time.Second, "had not answered"}, "both": {20 * time.Second, "Timeout"}} {
		t.Run(quorum, func(t *testing.T) {
			t.Parallel()
			policy := verifytest.Must(verify.ParsePolicy(fmt.Appendf(nil, "log %s\nwitness quick %s %s\nwitness slow %s %s\ngroup both all quick slow\nquorum %s\n",
				logKey.VKey(), ours.VKey(), quick.URL, theirs.VKey(), slow.URL, quorum)))
			ctx, cancel := context.WithTimeout(context.Background(), c.within)
			defer cancel()
			signed, failed := witnesses.New(policy).Cosign(ctx, r)
			if policy.Quorate(signed) != (quorum != "both") || ctx.Err() != nil {
				t.Errorf("%s, %v", signed, ctx.Err())
			}
			if len(failed) != 1 || failed["slow"] == nil || !strings.Contains(failed["slow"].Error(), c.says) {
				t.Errorf("failed are %v", failed)
			}
		})
	}
}

// TestAWrongAnswerIsNoEnd: a witness that once spoke of a size that cannot be is asked
// again the next time.
func TestAWrongAnswerIsNoEnd(t *testing.T) {
	r, asked := request(10), 0
	w := asking(t, http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			out.WriteHeader(http.StatusConflict)
			io.WriteString(out, "99999999\n")
			return
		}
		io.WriteString(out, cosigned(r.Checkpoint, ours))
	}))
	if _, failed := w.Cosign(t.Context(), r); len(failed) != 1 {
		t.Errorf("at first failed are %v", failed)
	}
	if _, failed := w.Cosign(t.Context(), r); len(failed) != 0 {
		t.Errorf("then failed are %v", failed)
	}
}
