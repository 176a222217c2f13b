package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

const (
	version  = 1
	headSize = 1 + 8
	tailSize = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal returns a value as it is stored:
//
//	01 │ 00 00 00 00 00 00 00 07 │ payload … │ crc32c of the key and of all before
//	version    generation
func seal(key string, generation uint64, payload []byte) []byte {
	out := make([]byte, 0, headSize+len(payload)+tailSize)
	out = append(out, version)
	out = binary.BigEndian.AppendUint64(out, generation)
	out = append(out, payload...)
	return binary.BigEndian.AppendUint32(out, checksum(key, out))
}

// open returns what was sealed under the key. The payload shares the memory of raw.
func open(key string, raw []byte) (generation uint64, payload []byte, err error) {
	if len(raw) < headSize+tailSize {
		return 0, nil, fmt.Errorf("%d bytes are too few", len(raw))
	}
	body, tail := raw[:len(raw)-tailSize], raw[len(raw)-tailSize:]
	if checksum(key, body) != binary.BigEndian.Uint32(tail) {
		return 0, nil, errors.New("the checksum is wrong")
	}
	if body[0] != version {
		return 0, nil, fmt.Errorf("version %d is not known, %d is", body[0], version)
	}
	return binary.BigEndian.Uint64(body[1:headSize]), body[headSize:], nil
}

func checksum(key string, body []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, body)
}
