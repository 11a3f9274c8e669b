package verify_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
)

var (
	ourLog   = verifytest.Log("stafett.test/history", 1)
	otherLog = verifytest.Log("stafett.test/other", 2)
)

func witness(seed byte) verify.Cosigner {
	return verifytest.Witness("witness.test/w"+string('0'+seed), 10+seed)
}

// names replaces L by our log's key and W1 to W4 by witnesses' keys.
func names(policy string) []byte {
	policy = strings.ReplaceAll(policy, "$L", ourLog.VKey())
	for i := byte(1); i <= 4; i++ {
		policy = strings.ReplaceAll(policy, "$W"+string('0'+i), witness(i).VKey())
	}
	return []byte(policy)
}

const fourWitnesses = "log $L\nwitness a $W1\nwitness b $W2\nwitness c $W3\nwitness d $W4\n"

// checkpoint returns a checkpoint that a log signed and some witnesses cosigned.
func checkpoint(log verify.LogSigner, witnesses ...byte) []byte {
	c := verify.Checkpoint{Origin: log.Name(), Size: 1, Root: tlog.RecordHash([]byte("x"))}
	signers := []note.Signer{log}
	for _, w := range witnesses {
		signers = append(signers, witness(w))
	}
	return verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, signers...))
}

func TestAQuorum(t *testing.T) {
	for policy, cases := range map[string]map[string]bool{
		"quorum none":                    {"": true, "1": true},
		"quorum a":                       {"": false, "1": true, "2": false, "234": false},
		"group g any a b\nquorum g":      {"": false, "1": true, "2": true, "3": false},
		"group g all a b c\nquorum g":    {"12": false, "123": true, "1234": true},
		"group g 2 a b c d\nquorum g":    {"1": false, "14": true},
		"group g\t3   a b c d\nquorum g": {"13": false, "134": true},
		"group g 2 a b\ngroup h any c d\ngroup i all g h\nquorum i": {"12": false, "13": false, "123": true, "124": true, "34": false},
	} {
		p, err := verify.ParsePolicy(names(fourWitnesses + "# a comment\n\n" + policy))
		if err != nil {
			t.Errorf("%s: %v", policy, err)
			continue
		}
		for cosigned, enough := range cases {
			var witnesses []byte
			for _, w := range cosigned {
				witnesses = append(witnesses, byte(w-'0'))
			}
			_, err := p.Open(checkpoint(ourLog, witnesses...))
			if enough != (err == nil) || !enough && !errors.Is(err, verify.ErrQuorum) {
				t.Errorf("%s with %q: %v, want that it is enough: %t", policy, cosigned, err, enough)
			}
			if _, err := p.Open(checkpoint(otherLog, witnesses...)); !errors.Is(err, verify.ErrSignature) {
				t.Errorf("%s with %q, of another log: %v", policy, cosigned, err)
			}
		}
	}
}

func TestAPolicyThatIsWrongIsRefused(t *testing.T) {
	for policy, want := range map[string]string{
		"":                                  "no line \"quorum",
		"quorum x":                          "can never be met",
		"quorum a\nquorum b":                "second quorum",
		"group g 5 a b c d\nquorum g":       "can never be met",
		"group g 0 a\nquorum g":             "can never be met",
		"group g -1 a\nquorum g":            "can never be met",
		"group g 01 a\nquorum g":            "can never be met",
		"group g most a b\nquorum g":        "can never be met",
		"group g any x\nquorum g":           "no line above it defines",
		"group g any none\nquorum g":        "no line above it defines",
		"group g any g\nquorum g":           "no line above it defines",
		"quorum g\ngroup g any a":           "can never be met",
		"group g 2 a a\nquorum g":           "member of a group already",
		"group g any a\ngroup h any a b":    "member of a group already",
		"group a any b\nquorum a":           "taken",
		"group none any b\nquorum none":     "taken",
		"group g any\nquorum g":             "write \"log",
		"witness e $W1\nquorum a":           "comes twice",
		"witness e $L\nquorum a":            "of kind 1 and must be of kind 4",
		"log $W1\nquorum a":                 "of kind 4 and must be of kind 1",
		"log $L\nquorum a":                  "comes twice",
		"witness e x+y\nquorum a":           "NAME+ID+KEY",
		"witness e x+00000000+AAAA\nquorum": "not an Ed25519 key",
		"quorum a\x00":                      "control characters",
		"quorum a\r\n":                      "control characters",
		"trust a":                           "\"trust\"",
	} {
		if _, err := verify.ParsePolicy(names(fourWitnesses + policy)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", policy, err, want)
		}
	}
	altered := bytes.Replace(names("witness a $W1\nquorum a"), []byte("witness.test/w1"), []byte("witness.test/x1"), 1)
	if _, err := verify.ParsePolicy(altered); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Errorf("with another name: %v", err)
	}
}

// A log can only ask witnesses that have a URL.
func TestWitnessesThatCannotBeAskedDoNotCount(t *testing.T) {
	for text, reachable := range map[string]bool{
		"witness a $W1 http://a\nwitness b $W2 http://b\nwitness c $W3\ngroup g 2 a b c\nquorum g": true,
		"witness a $W1 http://a\nwitness b $W2\nwitness c $W3\ngroup g 2 a b c\nquorum g":          false,
		"witness a $W1\nquorum none": true,
	} {
		if err := verifytest.Must(verify.ParsePolicy(names(text))).Reachable(); (err == nil) != reachable {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Some editors begin every file with a byte order mark.
func TestAByteOrderMarkIsSkipped(t *testing.T) {
	if log, err := verify.ParseLog("\ufeff" + ourLog.VKey()); err != nil || log.VKey() != ourLog.VKey() {
		t.Errorf("a key after a byte order mark: %v", err)
	}
	text := append([]byte("\ufeff"), names("log $L\nwitness a $W1\nquorum a")...)
	if policy, err := verify.ParsePolicy(text); err != nil || len(policy.Logs) != 1 {
		t.Errorf("a policy after a byte order mark: %v", err)
	}
}

func TestExtensionLinesAreKept(t *testing.T) {
	text := "o\n1\n" + tlog.RecordHash([]byte("x")).String() + "\nfirst extension\nsecond \n"
	c, err := verify.ParseCheckpoint(text)
	if err != nil || c.Text() != text || c.Size != 1 {
		t.Errorf("%q is read as %q, %v", text, c.Text(), err)
	}
}

func TestACheckpointThatIsWrongIsRefused(t *testing.T) {
	root := tlog.RecordHash([]byte("x")).String()
	for _, text := range []string{
		"", "\n", "o\n1\n", "\n1\n" + root + "\n", "o\n1\n" + root, "o\n1\n" + root + "\nextension", "o\n1\n" + root + "\n\n", "o\n1\n" + root + "\nextension\n\nanother\n",
		"o\n-1\n" + root + "\n", "o\n01\n" + root + "\n", "o\n+1\n" + root + "\n", "o\nx\n" + root + "\n",
		"o\n9223372036854775808\n" + root + "\n", "o\n1\n" + root[:40] + "\n", "o\n1\n" + root + " \n", "o\n0\n" + root + "\n",
	} {
		if c, err := verify.ParseCheckpoint(text); !errors.Is(err, verify.ErrCheckpoint) {
			t.Errorf("%q is read as %v, %v", text, c, err)
		}
	}
	wrongOrigin := verify.Checkpoint{Origin: "elsewhere", Size: 1, Root: tlog.RecordHash(nil)}
	signed := verifytest.Must(note.Sign(&note.Note{Text: wrongOrigin.Text()}, ourLog))
	if _, err := verify.OpenCheckpoint(signed, ourLog.Log); !errors.Is(err, verify.ErrSignature) {
		t.Errorf("a checkpoint with another origin: %v", err)
	}
}
