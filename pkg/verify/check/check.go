package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/stafett/stafett/pkg/verify"
)

// errStop ends a check that cannot continue; the report says why.
var errStop = errors.New("the check cannot go on")

type run struct {
	Options
	source     Source
	report     *Report
	checkpoint verify.Checkpoint
	since      *verify.Checkpoint
	tree       verify.Frontier
	rows       []row // of the levels above the leaves
	complete   bool  // everything was read
	heads      map[subject]place
}

// History checks a complete history. The error means that the source cannot be read; problems
// with the history are in the report.
func History(ctx context.Context, source Source, o Options) (*Report, error) {
	r := &run{Options: o, source: source, report: &Report{Findings: []Finding{}}, heads: map[subject]place{}}
	err := r.all(ctx)
	r.say()
	if errors.Is(err, errStop) {
		err = nil
	}
	return r.report, err
}

func (r *run) all(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	if err := r.entries(ctx); err != nil {
		return err
	}
	if err := r.partialRows(ctx); err != nil {
		return err
	}
	r.complete = true
	if r.tree.Root() != r.checkpoint.Root {
		r.report.find(0, fmt.Sprintf("the entries have another root than the checkpoint at size %d", r.checkpoint.Size))
	}
	return nil
}

// open reads the checkpoint and checks it against the options.
func (r *run) open(ctx context.Context) error {
	signed, err := r.read(ctx, verify.CheckpointPath)
	if err != nil {
		return err
	}
	if r.checkpoint, err = r.Policy.OpenSigned(signed); err != nil {
		r.report.find(0, err.Error())
		return errStop
	}
	r.report.Origin, r.report.Size, r.report.Root = r.checkpoint.Origin, r.checkpoint.Size, r.checkpoint.Root.String()
	r.report.Cosigned = r.Policy.Cosigned(signed)
	if !r.Policy.Quorate(signed) {
		r.report.find(0, fmt.Sprintf("%v: %d of the policy's %d did", verify.ErrQuorum, len(r.report.Cosigned), len(r.Policy.Witnesses)))
	}
	return r.openSince()
}

func (r *run) openSince() error {
	if r.Since == nil {
		return nil
	}
	since, err := r.Policy.OpenSigned(r.Since)
	if err == nil && since.Origin != r.checkpoint.Origin {
		err = fmt.Errorf("it is of %s, and the history of %s", since.Origin, r.checkpoint.Origin)
	}
	if err != nil {
		r.report.find(0, "the checkpoint that was kept: "+err.Error())
		return errStop
	}
	if since.Size > r.checkpoint.Size {
		r.report.find(r.checkpoint.Size+1, fmt.Sprintf("the history ends at %d, and one of %d was signed before: its end is gone", r.checkpoint.Size, since.Size))
	}
	if since.Size == 0 && r.checkpoint.Size > 0 {
		return nil
	}
	r.since = &since
	return nil
}

// read reads a file. A missing file is a finding, not an error.
func (r *run) read(ctx context.Context, path string) ([]byte, error) {
	data, err := r.source.Read(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		r.report.find(0, path+" is missing, so nothing after it can be checked")
		return nil, errStop
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}

// say lists what was checked, whatever the result, and what was not.
func (r *run) say() {
	r.either(r.report.Root != "", "whether the checkpoint is signed with the log's key", "")
	r.either(r.complete, "whether every commit's leaf is the tree's, and the root the checkpoint's", fmt.Sprintf(", after position %d", r.report.Read))
	r.either(r.complete, "whether each commit follows its subject's previous one", fmt.Sprintf(", after position %d", r.report.Read))
	r.either(r.complete && !r.NoTiles, "whether every tile of hashes is the tree's", "")
	r.either(r.complete && r.Services != nil, "whether each commit is signed by its service, and its headers say what it says", ": give the services' public keys")
	r.either(r.report.Root != "" && r.Policy.NeedsWitnesses(), "whether enough witnesses cosigned the checkpoint", ": give a policy that names witnesses, or others may have been shown another history")
	r.either(r.complete && r.since != nil, "whether the history continues the checkpoint that was kept", ": give one that you kept, or the history may have been rewritten before this one")
	r.either(false, "what came after the checkpoint", "")
	r.either(false, "what the events mean, and whether the platform's rules were kept", "")
}

// either adds a question to the checked ones if it was answered, and otherwise to the
// unchecked ones, with what is missing.
func (r *run) either(answered bool, question, missing string) {
	if answered {
		r.report.Checked = append(r.report.Checked, question)
		return
	}
	r.report.Unchecked = append(r.report.Unchecked, question+missing)
}
