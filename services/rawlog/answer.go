package rawlog

import (
	"encoding/json"
	"fmt"

	"github.com/stafett/stafett/pkg/verify"
)

type apiError struct {
	Code        int    `json:"err_code"`
	Description string `json:"description"`
}

// answer is the server's answer for one message; header and payload are the stored bytes in
// base64.
type answer struct {
	Error   *apiError `json:"error"`
	Message struct {
		Subject string `json:"subject"`
		Seq     int64  `json:"seq"`
		Header  []byte `json:"hdrs"`
		Payload []byte `json:"data"`
	} `json:"message"`
}

// noMessage is the server's error code for a missing position.
const noMessage = 10037

func decode(data []byte) (position int64, m verify.Message, err error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return 0, m, fmt.Errorf("the server's answer is not a message: %w", err)
	}
	if a.Error != nil && a.Error.Code == noMessage {
		return 0, m, ErrNotFound
	}
	if a.Error != nil {
		return 0, m, fmt.Errorf("the server refuses the message: %s", a.Error.Description)
	}
	return a.Message.Seq, verify.Message{Subject: a.Message.Subject, Header: a.Message.Header, Payload: a.Message.Payload}, nil
}
