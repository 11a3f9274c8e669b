package cli

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
)

// Exit codes, the same for every command.
const (
	ExitFailed  = 1 // it did not work, or a story does not hold
	ExitUsage   = 2 // the command line is wrong
	ExitUntrue  = 3 // a verification does not hold
	ExitRefused = 4 // the platform refused, with a reason
)

// ErrUntrue is the error of a verification that does not hold.
var ErrUntrue = errors.New("does not hold")

// usageError is a wrong command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// Usage marks an error as a usage error. It returns nil if err is nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// Usagef describes a mistake on the command line and what to write instead.
func Usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// ExitCode is the program's exit code for an error.
func ExitCode(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return ExitUsage
	case errors.Is(err, ErrUntrue):
		return ExitUntrue
	case client.Reason(err) != "":
		return ExitRefused
	}
	return ExitFailed
}

// Explain returns a refusal's reason and message, without gRPC's own text.
func Explain(err error) string {
	reason := client.Reason(err)
	if reason == "" {
		return err.Error()
	}
	message := status.Convert(err).Message()
	if local := (localRefusal{}); errors.As(err, &local) {
		message = local.local(status.Convert(local.error).Message())
	}
	return fmt.Sprintf("refused: %s: %s", reason, message)
}
