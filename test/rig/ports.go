package rig

import (
	"context"
	"fmt"
	"net"
	"strconv"
)

// Port is one that something listens on.
type Port struct {
	// What listens, for people.
	What string
	// Number is from 1 to 65535.
	Number int
}

// Address is host and port.
func (p Port) Address() string { return fmt.Sprintf("localhost:%d", p.Number) }

// URL is where the port answers over HTTP.
func (p Port) URL(path string) string { return "http://" + p.Address() + path }

// maxOffset keeps the highest port, 13133 and some more, below those that systems hand out, from 32768.
const maxOffset = 9000

// ParseOffset takes PORT_OFFSET, from 0 to 9000.
func ParseOffset(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxOffset {
		return 0, fmt.Errorf("PORT_OFFSET=%s: use 0 to %d, such as PORT_OFFSET=1000", text, maxOffset)
	}
	return n, nil
}

// CheckPorts returns an error for the first of the ports that something listens on
// already. It says how the target is run at an offset where all are free.
func CheckPorts(ctx context.Context, target string, ports []Port, at func(offset int) []Port) error {
	taken, is := Taken(ctx, ports)
	if !is {
		return nil
	}
	return fmt.Errorf("port %d (%s) is taken: stop what listens there%s", taken.Number, taken.What, elsewhere(ctx, target, at))
}

// elsewhere says at which offset all ports are free, if there is one.
func elsewhere(ctx context.Context, target string, at func(offset int) []Port) string {
	for offset := 1000; offset <= maxOffset; offset += 1000 {
		if _, is := Taken(ctx, at(offset)); !is {
			return fmt.Sprintf(", or run: %s PORT_OFFSET=%d", target, offset)
		}
	}
	return ""
}

// Taken returns the first of the ports that something listens on, if any.
func Taken(ctx context.Context, ports []Port) (Port, bool) {
	for _, p := range ports {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.Address())
		if err != nil {
			return p, true
		}
		_ = l.Close()
	}
	return Port{}, false
}
