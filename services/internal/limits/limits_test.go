package limits

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// arrived is a new connection, and the client's end of it.
func arrived(t *testing.T, l *Limits) (*Connection, net.Conn) {
	t.Helper()
	server, client := net.Pipe()
	t.Cleanup(func() { server.Close(); client.Close() })
	return l.Arrive(server), client
}

// of is a new connection of a line.
func of(t *testing.T, l *Limits, line string) (*Connection, net.Conn) {
	t.Helper()
	c, client := arrived(t, l)
	c.Identify(identity.Peer{Kind: identity.Line, ID: line, URI: "spiffe://x/line/" + line})
	return c, client
}

func closed(client net.Conn) bool {
	client.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := client.Read(make([]byte, 1))
	return !os.IsTimeout(err)
}

func TestTheOldestNamelessConnectionMakesRoom(t *testing.T) {
	l := New(0)
	_, known := of(t, l, "bris")
	_, first := arrived(t, l)
	second, secondClient := arrived(t, l)
	for range Nameless - 2 {
		arrived(t, l)
	}
	if closed(first) {
		t.Error("a connection was closed before there were too many")
	}
	arrived(t, l)
	if !closed(first) || closed(secondClient) || closed(known) {
		t.Error("one too many closed another than the oldest nameless connection")
	}
	second.Left()
	_, next := arrived(t, l)
	arrived(t, l)
	if closed(next) {
		t.Error("a connection that left still counts")
	}
}

// TestTheNewestConnectionOfACallerGetsIn: it may be for help.
func TestTheNewestConnectionOfACallerGetsIn(t *testing.T) {
	l := New(0)
	_, other := of(t, l, "other")
	busy, busyClient := of(t, l, "bris")
	busy.Begin()
	_, idle := of(t, l, "bris")
	for range ConnectionsPerCaller - 2 {
		c, _ := of(t, l, "bris")
		c.Begin()
	}
	if closed(idle) {
		t.Error("a connection was closed before there were too many")
	}
	_, newest := of(t, l, "bris")
	if !closed(idle) || closed(busyClient) || closed(newest) || closed(other) {
		t.Error("one too many closed another than the oldest without a call")
	}
}

func TestAllConnectionsShareOneAllowance(t *testing.T) {
	l, now := New(0), time.Now()
	one, _ := of(t, l, "bris")
	two, _ := of(t, l, "bris")
	for range Allowances[identity.Line][accessv1.Limit_LIMIT_OPENING].Burst / 2 {
		if one.Take(accessv1.Limit_LIMIT_OPENING, now) > 0 || two.Take(accessv1.Limit_LIMIT_OPENING, now) > 0 {
			t.Fatal("refused too early")
		}
	}
	wait := two.Take(accessv1.Limit_LIMIT_OPENING, now)
	if wait <= 0 {
		t.Error("the allowance has no end")
	}
	if one.Take(accessv1.Limit_LIMIT_OPENING, now.Add(wait)) > 0 {
		t.Error("there is none after the time that was told")
	}
	if one.Take(accessv1.Limit_LIMIT_COMMAND, now) > 0 || one.Take(accessv1.Limit_LIMIT_NEVER, now) > 0 {
		t.Error("another class is limited as well")
	}
}

func TestAScaleMultiplies(t *testing.T) {
	l, now := New(0.01), time.Now()
	one, _ := of(t, l, "bris")
	for range 2 {
		if one.Take(accessv1.Limit_LIMIT_OPENING, now) > 0 {
			t.Fatal("refused too early")
		}
	}
	if one.Take(accessv1.Limit_LIMIT_OPENING, now) == 0 {
		t.Error("a hundredth of 200 is 2")
	}
}

func TestStreamsShareTheirReading(t *testing.T) {
	l := New(0.02) // 100 at once, 40 a second
	one, _ := of(t, l, "bris")
	if err := one.Pace(t.Context(), Page); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := one.Pace(ended, Page); err == nil {
		t.Error("a stream that has ended reads on")
	}
	other, _ := of(t, l, "other")
	if err := other.Pace(t.Context(), Page); err != nil {
		t.Error(err)
	}
}

// TestTheDocumentHasTheNumbers: docs/limits.md has a row for each allowance and bound.
func TestTheDocumentHasTheNumbers(t *testing.T) {
	document, err := os.ReadFile("../../../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(string(document), "\n")
	for _, want := range documented() {
		if !slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, want) }) {
			t.Errorf("docs/limits.md lacks the row %s", want)
		}
	}
}

func documented() (rows []string) {
	for kind, classes := range Allowances {
		for class, a := range classes {
			rows = append(rows, fmt.Sprintf("| %s | %s | %d | %d |", kind, strings.TrimPrefix(class.String(), "LIMIT_"), a.PerSecond, a.Burst))
		}
	}
	for name, number := range map[string]int{
		"connections of one caller": ConnectionsPerCaller, "connections without a certificate": Nameless,
		"seconds until a connection without a certificate is closed": int(NamelessFor.Seconds()), "seconds for a handshake": int(Handshake.Seconds()),
		"calls and streams at once on one connection": StreamsPerConnection, "streams on one connection": WatchesPerConnection,
		"streams of one caller": WatchesPerCaller, "bytes of headers": Headers,
		"items a second that the streams of one caller read": watched.PerSecond, "items that they read at once": watched.Burst,
	} {
		rows = append(rows, fmt.Sprintf("| %s | %d |", name, number))
	}
	return rows
}
