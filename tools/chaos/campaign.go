package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/stafett/stafett/tools/chaos/internal/faults"
	"github.com/stafett/stafett/tools/internal/programs"
	"github.com/stafett/stafett/tools/internal/progress"
)

// run tries the faults and prints the table. It reports whether nothing is wrong.
func (w wish) run(ctx context.Context, chosen []faults.Fault) (bool, error) {
	folder, err := os.MkdirTemp("", "stafett-chaos-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	built, err := programs.Build(ctx, folder)
	if err != nil {
		return false, err
	}
	fmt.Printf("seed %d\n", w.seed)
	ctx, cancel := context.WithTimeout(ctx, w.within)
	defer cancel()
	rows := []*row{}
	for _, fault := range chosen {
		rows = append(rows, &row{fault: fault})
	}
	w.tryAll(ctx, rows, built, folder)
	return sound(rows), write(os.Stdout, rows)
}

// tryAll tries each fault once, then each a second time, and so on: if the time ends before
// that, all were tried about as often.
func (w wish) tryAll(ctx context.Context, rows []*row, built programs.Folder, folder string) {
	line := progress.To(os.Stderr)
	defer line.Clear()
	for number := range w.times {
		for _, r := range rows {
			if ctx.Err() != nil || r.notHere != "" {
				continue
			}
			line.Show("%s, %d of %d", r.fault.Name, number+1, w.times)
			t := &faults.Trial{Programs: built, Folder: filepath.Join(folder, fmt.Sprint(r.fault.Name, number)), Random: w.random(r.fault, number)}
			err := try(ctx, r.fault, t)
			if ctx.Err() == nil {
				r.add(number, t.Result, err)
			}
		}
	}
}

func try(ctx context.Context, fault faults.Fault, t *faults.Trial) error {
	if err := os.Mkdir(t.Folder, 0o700); err != nil {
		return err
	}
	return fault.Run(ctx, t)
}

// random depends on the fault and the number alone, so that -faults and -n choose the same
// times.
func (w wish) random(fault faults.Fault, number int) *rand.Rand {
	name := fnv.New64()
	name.Write([]byte(fault.Name))
	return rand.New(rand.NewPCG(w.seed, name.Sum64()+uint64(number)))
}

// add adds a trial.
func (r *row) add(number int, result faults.Result, err error) {
	if errors.Is(err, faults.ErrNotHere) {
		r.notHere = err.Error()
		return
	}
	r.results = append(r.results, result)
	for _, wrong := range wrongIn(r.fault, result, err) {
		r.wrong = append(r.wrong, fmt.Sprintf("%s, number %d: %s", r.fault.Name, number+1, wrong))
	}
}

// wrongIn says what is wrong with a trial.
func wrongIn(fault faults.Fault, result faults.Result, err error) (wrong []string) {
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	if positions := result.Unannounced(); len(positions) > 0 {
		wrong = append(wrong, fmt.Sprintf("acknowledged, missing, and nobody said so: positions %v", positions))
	}
	wrong = append(wrong, result.Different...)
	if err == nil && fault.Notices && !result.Noticed && !result.Harmless {
		wrong = append(wrong, "nobody was told")
	}
	return wrong
}
