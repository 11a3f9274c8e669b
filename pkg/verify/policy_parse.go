package verify

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParsePolicy reads a policy in the C2SP tlog-policy format: lines that name logs, witnesses
// and groups of them, and one that sets the quorum. It refuses a policy that can never be
// met.
func ParsePolicy(text []byte) (*Policy, error) {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if i := bytes.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == 0x7f }); i >= 0 {
		return nil, errors.New("the policy has control characters; write it with spaces, tabs and newlines only")
	}
	r := policyReader{policy: &Policy{}, known: map[string]member{}, grouped: map[string]bool{}}
	for i, line := range strings.Split(string(text), "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := r.line(words); err != nil {
			return nil, fmt.Errorf("policy, line %d: %w", i+1, err)
		}
	}
	if !r.decided {
		return nil, errors.New("policy: it has no line \"quorum NAME\"; write \"quorum none\" where no witness is needed")
	}
	return r.policy, nil
}

type policyReader struct {
	policy  *Policy
	known   map[string]member
	grouped map[string]bool // names that are members of a group already
	decided bool
}

func (r *policyReader) line(words []string) error {
	kind, words := words[0], words[1:]
	switch {
	case kind == "log" && (len(words) == 1 || len(words) == 2):
		return r.log(words[0], words[1:])
	case kind == "witness" && (len(words) == 2 || len(words) == 3):
		return r.witness(words[0], words[1], words[2:])
	case kind == "group" && len(words) >= 3:
		return r.group(words[0], words[1], words[2:])
	case kind == "quorum" && len(words) == 1:
		return r.quorum(words[0])
	}
	return fmt.Errorf("%q: write \"log VKEY [URL]\", \"witness NAME VKEY [URL]\", \"group NAME all|any|NUMBER MEMBER...\" or \"quorum NAME\"", kind)
}

func (r *policyReader) log(vkey string, url []string) error {
	log, err := ParseLog(vkey)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.policy.Logs, func(other PolicyLog) bool { return other.public.Equal(log.public) }) {
		return fmt.Errorf("the key of log %s comes twice", log.Name())
	}
	r.policy.Logs = append(r.policy.Logs, PolicyLog{Log: log, URL: strings.Join(url, "")})
	return nil
}

func (r *policyReader) witness(name, vkey string, url []string) error {
	w, err := ParseWitness(vkey)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.policy.Witnesses, func(other PolicyWitness) bool { return other.public.Equal(w.public) }) {
		return fmt.Errorf("the key of witness %s comes twice; one that signs for two is one", name)
	}
	r.policy.Witnesses = append(r.policy.Witnesses, PolicyWitness{Witness: w, Name: name, URL: strings.Join(url, "")})
	return r.define(name, single(name))
}

func (r *policyReader) define(name string, m member) error {
	if _, taken := r.known[name]; taken || name == "none" {
		return fmt.Errorf("the name %s is taken; choose another", name)
	}
	r.known[name] = m
	return nil
}

func (r *policyReader) group(name, threshold string, names []string) error {
	g := group{}
	for _, n := range names {
		m, ok := r.known[n]
		if !ok {
			return fmt.Errorf("group %s has a member %s that no line above it defines", name, n)
		}
		if r.grouped[n] {
			return fmt.Errorf("%s is a member of a group already; it counts once", n)
		}
		r.grouped[n] = true
		g.members = append(g.members, m)
	}
	needed, err := thresholdOf(threshold, len(names))
	if err != nil {
		return fmt.Errorf("group %s: %w", name, err)
	}
	g.needed = needed
	return r.define(name, g)
}

func thresholdOf(text string, members int) (int, error) {
	switch text {
	case "all":
		return members, nil
	case "any":
		return 1, nil
	}
	needed, err := strconv.Atoi(text)
	if err != nil || needed < 1 || needed > members || strconv.Itoa(needed) != text {
		return 0, fmt.Errorf("%s of %d members can never be met; write all, any, or 1 to %d", text, members, members)
	}
	return needed, nil
}

func (r *policyReader) quorum(name string) error {
	if r.decided {
		return errors.New("there is a second quorum; leave one out")
	}
	r.decided = true
	if name == "none" {
		return nil
	}
	m, ok := r.known[name]
	if !ok {
		return fmt.Errorf("quorum %s can never be met: no line above it defines %s", name, name)
	}
	r.policy.quorum = m
	return nil
}
