package desk_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/services/desk"
)

// kills is how often the desk is killed.
const kills = 20

// TestAKilledDeskLosesNothing that it had acknowledged, and keeps nothing twice: a process of its own is killed
// at random moments while a child writes.
func TestAKilledDeskLosesNothing(t *testing.T) {
	w, _ := evening(t)
	process := config(t, w, "alarmtelefonen", t.TempDir(), "127.0.0.1:0")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	child := visit(t, "")
	child.secret = strings.Repeat("secret", 4)
	var acknowledged []string
	for range kills {
		at, kill := start(t, process)
		child.at = at
		child.mustOpen()
		acknowledged = append(acknowledged, child.writesUntilNobodyAnswers(1+random.IntN(5), time.Duration(random.IntN(5))*time.Millisecond, kill)...)
	}
	child.at, _ = start(t, process)
	for _, text := range acknowledged {
		if n := strings.Count(child.wants("/chat/view", text), ">"+text+"<"); n != 1 {
			t.Errorf("%s is there %d times", text, n)
		}
	}
	t.Logf("%d messages were acknowledged", len(acknowledged))
}

// start starts a desk as a process, and returns once it answers.
func start(t *testing.T, c desk.Config) (at string, kill func()) {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), asDesk+"="+string(text))
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() { command.Process.Kill(); command.Wait() })
	t.Cleanup(kill)
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the desk did not start")
	}
	return lines.Text(), kill
}

func (v *visitor) mustOpen() {
	v.t.Helper()
	if code, text := v.post("/chat/open", "language", "en"); code != 200 {
		v.t.Fatalf("the chat did not open: %d %s", code, text)
	}
}

// writesUntilNobodyAnswers has the desk killed a while after so many messages, and returns what was acknowledged.
func (v *visitor) writesUntilNobodyAnswers(after int, while time.Duration, kill func()) (acknowledged []string) {
	for {
		if len(acknowledged) == after {
			time.AfterFunc(while, kill)
		}
		text := uuid.NewString()
		answer, err := v.client.Do(v.request("/chat/say", url.Values{"id": {uuid.NewString()}, "text": {text}}))
		if err != nil {
			return acknowledged
		}
		answer.Body.Close()
		if answer.StatusCode == 200 {
			acknowledged = append(acknowledged, text)
		}
	}
}

// asDesk is set for a process of this test that is a desk.
const asDesk = "STAFETT_TEST_DESK"

// beDesk runs a desk until the process is killed.
func beDesk(text string) {
	var c desk.Config
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	c.Now, c.Logger = time.Now, slog.New(slog.DiscardHandler)
	d, err := desk.Open(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(d.URL())
	panic(d.Run(context.Background()))
}
