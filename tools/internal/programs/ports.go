package programs

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync/atomic"
)

// handedOut counts the ports that FreePorts has given away, from firstPort on: below
// those that systems give to outgoing connections, so that neither a connection nor
// another caller takes one while a process is away.
var (
	firstPort = 10_000 + rand.IntN(15_000)
	handedOut atomic.Int64
)

// FreePorts finds some ports in a row that nobody listens on, and returns the first.
func FreePorts(count int) (int, error) {
	for range 100 {
		first := firstPort + (int(handedOut.Add(int64(count)))-count)%7000
		if allFree(first, count) {
			return first, nil
		}
	}
	return 0, errors.New("there are no free ports in a row")
}

func allFree(first, count int) bool {
	for port := first; port < first+count; port++ {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return false
		}
		listener.Close()
	}
	return true
}
