package routing

import (
	"bytes"
	"regexp"
	"testing"
)

func TestSecretsFollowFromTheRequest(t *testing.T) {
	made := secrets{key: []byte("key"), conversation: "c", line: "first", requestID: []byte("request")}
	if again := made; again.link() != made.link() || again.digits() != made.digits() {
		t.Error("the same request gets other secrets")
	}
	if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(made.link()) || !regexp.MustCompile(`^[0-9]{6}$`).MatchString(made.digits()) {
		t.Errorf("the link is %q and the digits are %q", made.link(), made.digits())
	}
	redrawn := made
	redrawn.draw++
	if redrawn.digits() == made.digits() || redrawn.link() != made.link() {
		t.Error("drawing again must change the digits, and them alone")
	}
	elsewhere := made
	elsewhere.line = "second"
	if bytes.Equal(elsewhere.linkHash(), made.linkHash()) || bytes.Equal(elsewhere.digitsHash(), made.digitsHash()) {
		t.Error("the same secret has the same hash at another line")
	}
	stranger := made
	stranger.key = []byte("other")
	if stranger.link() == made.link() || stranger.digits() == made.digits() {
		t.Error("another key makes the same secrets")
	}
}
