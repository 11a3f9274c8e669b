package recovery

import (
	"regexp"
	"strconv"

	"github.com/stafett/stafett/pkg/verify"
)

// The headers by which the log knows the messages of a batch. It stores a batch when it is
// complete, and nothing of one that is not.
var (
	batchID       = regexp.MustCompile(`Nats-Batch-Id: ([^\r\n]+)\r\n`)
	batchSequence = regexp.MustCompile(`Nats-Batch-Sequence: ([0-9]+)\r\n`)
	batchCommit   = regexp.MustCompile(`Nats-Batch-Commit: [^\r\n]+\r\n`)
)

// batch is the id of a message's batch, or empty.
func batch(m verify.Message) string { return first(batchID, m) }

func first(header *regexp.Regexp, m verify.Message) string {
	if found := header.FindSubmatch(m.Header); len(found) > 1 {
		return string(found[1])
	}
	return ""
}

// batchEnd is where the batch of a kept commit ends, or the commit itself if it has none.
func (e *earlier) batchEnd(begin int) (end int) {
	id := batch(e.kept[begin].Message)
	for end = begin + 1; id != "" && end < len(e.kept) && batch(e.kept[end].Message) == id; {
		end++
	}
	return end
}

// separate takes commits out of batches of which others are missing: they are written by
// themselves. The signature does not cover these headers, but the tree does, so the new log
// is the same as the earlier one up to the first of them.
func (e *earlier) separate() {
	for begin, end := 0, 0; begin < len(e.kept); begin = end {
		end = e.batchEnd(begin)
		if e.complete(begin, end) {
			continue
		}
		for i := begin; i < end; i++ {
			for _, header := range []*regexp.Regexp{batchID, batchSequence, batchCommit} {
				e.kept[i].Header = header.ReplaceAll(e.kept[i].Header, nil)
			}
		}
		if int64(begin) < e.same.Size() {
			e.sameUntil(begin)
		}
	}
}

// complete reports whether commits are a whole batch, or one that was in none.
func (e *earlier) complete(begin, end int) bool {
	if batch(e.kept[begin].Message) == "" {
		return true
	}
	for i := begin; i < end; i++ {
		if first(batchSequence, e.kept[i].Message) != strconv.Itoa(i-begin+1) {
			return false
		}
	}
	return batchCommit.Match(e.kept[end-1].Header)
}

func (e *earlier) sameUntil(size int) {
	e.same = verify.Frontier{}
	for _, one := range e.kept[:size] {
		e.same.Append(one.Leaf())
	}
}
