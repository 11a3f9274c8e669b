package programs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Process is a program that runs beside this one.
type Process struct {
	command *exec.Cmd
	// told has what it wrote to standard output, line by line, until it ended.
	told  chan string
	ended chan struct{}
}

// Start starts a program, whose errors go to stderr.
func (f Folder) Start(environment []string, stderr io.Writer, name string, args ...string) (*Process, error) {
	p := &Process{command: exec.Command(f.Path(name), args...), told: make(chan string, 1000), ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), environment...)
	p.command.Stderr = stderr
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go p.follow(out)
	return p, nil
}

// follow passes on what the process writes, and waits for its end.
func (p *Process) follow(out io.Reader) {
	defer close(p.ended)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		p.told <- lines.Text()
	}
	close(p.told)
	p.command.Wait()
}

// Gone says whether the process has ended.
func (p *Process) Gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Signal sends a signal.
func (p *Process) Signal(signal os.Signal) error { return p.command.Process.Signal(signal) }

// PID is the process's id.
func (p *Process) PID() int { return p.command.Process.Pid }

// Kill ends the process with SIGKILL and waits until it is gone.
func (p *Process) Kill() {
	p.command.Process.Kill()
	for range p.told { // follow waits for a reader
	}
	<-p.ended
}

// Stop asks the process to end with SIGTERM. It returns an error unless the process ends
// with 0.
func (p *Process) Stop(ctx context.Context) error {
	if err := p.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	code, err := p.Ends(ctx)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s did not stop cleanly: %s", p.command.Path, p.command.ProcessState)
	}
	return err
}

// Ends waits until the process ends by itself, and returns its exit code.
func (p *Process) Ends(ctx context.Context) (code int, err error) {
	select {
	case <-p.ended:
		return p.command.ProcessState.ExitCode(), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("%s goes on: %w", p.command.Path, ctx.Err())
	}
}

// Says waits for a line with a text in it, and returns the line.
func (p *Process) Says(ctx context.Context, text string) (string, error) {
	for {
		select {
		case line, ok := <-p.told:
			if !ok {
				return "", fmt.Errorf("%s ended before it said %q", p.command.Path, text)
			}
			if strings.Contains(line, text) {
				return line, nil
			}
		case <-ctx.Done():
			return "", fmt.Errorf("%s did not say %q: %w", p.command.Path, text, ctx.Err())
		}
	}
}
