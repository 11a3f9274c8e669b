package server_test

import (
	"strings"
	"testing"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

func TestHealth(t *testing.T) {
	h := clitest.New(t)
	at := h.Addresses()
	for service, address := range map[string]string{"intake": at.Intake, "triage": at.Triage, "routing": at.Routing, "audit": at.Audit} {
		out, err := clitest.Run(t, "health", service, "--at", address, "--platform", h.Data, "--as", "service/"+service)
		if err != nil || out != service+" at "+address+" serves\n" {
			t.Errorf("%s: %q, %v", service, out, err)
		}
	}
	for text, args := range map[string][]string{
		"unexpected ID":            {"intake", "--at", at.Triage, "--platform", h.Data},
		"connection refused":       {"intake", "--at", "127.0.0.1:1", "--platform", h.Data},
		`there is no service "in"`: {"in"},
		"write KIND/NAME":          {"intake", "--as", "x"},
	} {
		if _, err := clitest.Run(t, append([]string{"health"}, args...)...); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v: %v, want %q", args, err, text)
		}
	}
}

func TestFlagsSayWhatTheyTake(t *testing.T) {
	for want, args := range map[string][]string{
		`--port "abc": write a whole number`:                 {"up", "--port", "abc"},
		`--every "daily": write a duration, for example 30s`: {"certify", "--every", "daily"},
		`--new-authority "maybe": write true or false`:       {"certify", "--new-authority=maybe"},
		`--lang "xx": `: {"lines", "list", "--lang", "xx"},
	} {
		if _, err := clitest.Run(t, args...); cli.ExitCode(err) != cli.ExitUsage || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
