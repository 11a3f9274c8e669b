package rawlog

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strconv"
)

// unparsed is a connection to a nats-server that keeps headers from the client, which would
// parse them and lose the order of their lines. A message with a header arrives as one without:
// its payload begins with the header as the server sends it, and its reply subject with
// headerMark and the header's length.
type unparsed struct {
	net.Conn
	in   *bufio.Reader
	line []byte // of the protocol, not read by the client yet
	body int    // bytes that follow the line unchanged
}

const headerMark = "H"

// newUnparsed is for a connection on which the client has to read something first.
func newUnparsed(conn net.Conn, first []byte) *unparsed {
	return &unparsed{Conn: conn, in: bufio.NewReaderSize(conn, 64<<10), line: first}
}

// Read returns what has arrived, and waits if there is nothing.
func (u *unparsed) Read(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		read := 0
		switch {
		case len(u.line) > 0:
			read = copy(p[n:], u.line)
			u.line = u.line[read:]
		case u.body > 0:
			read, err = u.in.Read(p[n:min(len(p), n+u.body)])
			u.body -= read
		case n > 0 && u.in.Buffered() == 0:
			return n, nil
		default:
			err = u.next()
		}
		n += read
	}
	return n, err
}

// next reads a line of the protocol.
func (u *unparsed) next() error {
	line, err := u.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	switch words := bytes.Fields(line); {
	case bytes.HasPrefix(line, []byte("HMSG ")) && len(words) >= 5:
		line = withoutHeader(words)
		fallthrough
	case bytes.HasPrefix(line, []byte("MSG ")):
		size, err := strconv.Atoi(string(words[len(words)-1]))
		if err != nil {
			return fmt.Errorf("the server sent %q: %w", line, err)
		}
		u.body = size + len("\r\n")
	}
	u.line = line
	return nil
}

// withoutHeader makes MSG subject sid reply size of HMSG subject sid [reply] header size.
func withoutHeader(words [][]byte) []byte {
	last := len(words) - 1
	line := bytes.Join([][]byte{[]byte("MSG"), words[1], words[2], append([]byte(headerMark), words[last-1]...)}, []byte(" "))
	if last == 5 {
		line = append(append(line, '.'), words[3]...)
	}
	return append(append(append(line, ' '), words[last]...), "\r\n"...)
}
