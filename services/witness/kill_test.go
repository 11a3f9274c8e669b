package witness_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/witness"
)

// A child of this test is a witness whose state is in a file, and kills itself
// where it is told, the first time that it comes there.
const (
	childFile = "STAFETT_TEST_WITNESS"
	childStep = "STAFETT_TEST_STEP"
)

// Where a witness is killed.
const (
	whenAsked      = "before it has read what it is asked"
	whenSigning    = "while it signs, before anything is recorded"
	whenRecorded   = "once it has recorded, before it answers"
	whenHalfwayOut = "with half of its answer sent"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		fmt.Println(child(file, os.Getenv(childStep)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child serves until it is killed. It says first where it answers.
func child(file, step string) error {
	die := func(at string) {
		if at == step {
			self, _ := os.FindProcess(os.Getpid())
			fmt.Println(self.Kill())
			select {}
		}
	}
	// The clock is asked within the transaction, when the cosignature is made.
	signer, err := verify.NewCosigner(cosigner.Name(), verifytest.Key(4), func() time.Time { die(whenSigning); return time.Unix(1_795_000_000, 0) })
	if err != nil {
		return err
	}
	w, err := witness.Open(file, signer, []verify.Log{logKey.Log}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		die(whenAsked)
		answer := httptest.NewRecorder()
		w.Handler().ServeHTTP(answer, r)
		die(whenRecorded)
		out.WriteHeader(answer.Code)
		text := answer.Body.Bytes()
		if step == whenHalfwayOut {
			out.Write(text[:len(text)/2])
			out.(http.Flusher).Flush()
			die(step)
		}
		out.Write(text)
	}))
}

// TestAKilledWitnessCosignsOneRootForEachSize: killed where it may be, and then
// shown a fork of the same size before the log's own history again. Whatever it
// cosigned, it cosigns nothing else at that size, and no history that does not
// have it.
func TestAKilledWitnessCosignsOneRootForEachSize(t *testing.T) {
	file := filepath.Join(t.TempDir(), "witness.db")
	known := counted(3) // what the log has, all of which is cosigned
	if status, _ := askChild(t, file, "", logOf(known).request(0, 3, logKey)); status != http.StatusOK {
		t.Fatal(status)
	}
	for round := range 3 {
		for _, step := range []string{whenAsked, whenSigning, whenRecorded, whenHalfwayOut} {
			older := int64(len(known))
			longer := append(known[:older:older], uint64(1000*round+7), 8)
			fork := append(known[:older:older], uint64(1000*round+9), 10)
			size := older + 2
			if status, _ := askChild(t, file, step, logOf(longer).request(older, size, logKey)); status != 0 {
				t.Fatalf("killed %s, it answers %d", step, status)
			}
			recorded := step == whenRecorded || step == whenHalfwayOut
			status, line := askChild(t, file, "", logOf(fork).request(older, size, logKey))
			if recorded && (status != http.StatusConflict || line != fmt.Sprintln(size)) {
				t.Errorf("killed %s, it answers a fork with %d %q", step, status, line)
			}
			if !recorded && status != http.StatusOK {
				t.Errorf("killed %s, it has recorded what nobody may have: %d %q", step, status, line)
			}
			if !recorded {
				longer, fork = fork, longer
			}
			if status, _ := askChild(t, file, "", logOf(fork).request(size, size, logKey)); status != http.StatusConflict {
				t.Errorf("killed %s, it answers another root at its size with %d", step, status)
			}
			again := logOf(longer).request(size, size, logKey)
			if status, line := askChild(t, file, "", again); status != http.StatusOK || !isCosigned(again, line) {
				t.Errorf("killed %s, it does not cosign again what it has: %d %q", step, status, line)
			}
			known = longer
		}
	}
}

func isCosigned(request, line string) bool {
	_, signed, _ := strings.Cut(request, "\n\n")
	_, err := note.Open([]byte(signed+line), note.VerifierList(cosigner))
	return err == nil
}

// askChild starts a witness, asks it, and kills it if it has not done so itself.
// The status is 0 where it died before it had answered.
func askChild(t *testing.T, file, step, body string) (status int, answer string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childFile+"="+file, childStep+"="+step)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var url string
	if _, err := fmt.Fscanln(out, &url); err != nil {
		t.Fatal(err)
	}
	status, answer = ask(url, body)
	child.Process.Kill()
	var ended *exec.ExitError
	if err := child.Wait(); !errors.As(err, &ended) || ended.ExitCode() >= 0 {
		t.Fatalf("it was not killed: %v", err)
	}
	return status, answer
}

func ask(url, body string) (status int, answer string) {
	response, err := http.Post(url+"/add-checkpoint", "", strings.NewReader(body))
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	var text bytes.Buffer
	if _, err := io.Copy(&text, response.Body); err != nil {
		return 0, ""
	}
	return response.StatusCode, text.String()
}
