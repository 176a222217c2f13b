package rig

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// readyWithin is how long a server may take to start.
	readyWithin = time.Minute
	// Poll is how often something that is waited for is looked at.
	Poll = 100 * time.Millisecond
	// stillAt is how often Await says that it goes on.
	stillAt = 10 * time.Second
)

// Await runs a command to its end.
func Await(ctx context.Context, out Screen, c Command) error {
	p, err := Launch(c)
	if err != nil {
		return err
	}
	defer p.Stop(terminate)
	start := time.Now()
	tick := time.NewTicker(stillAt)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ErrInterrupted
		case <-p.done:
			if p.err != nil {
				return p.Failure()
			}
			return nil
		case <-tick.C:
			out.Say("  %s, since %v", c.Name, time.Since(start).Round(time.Second))
		}
	}
}

// Serve starts a server and returns once the URL answers with status 200. Otherwise
// the server has ended when it returns.
func Serve(ctx context.Context, c Command, url string) (*Child, error) {
	p, err := Launch(c)
	if err != nil {
		return nil, err
	}
	if err := p.ready(ctx, url); err != nil {
		p.Stop(terminate)
		return nil, err
	}
	return p, nil
}

func (p *Child) ready(ctx context.Context, url string) error {
	late := time.After(readyWithin)
	for {
		if resp, err := Get(ctx, url, ""); err == nil {
			_ = resp.Body.Close()
			return nil
		}
		select {
		case <-ctx.Done():
			return ErrInterrupted
		case <-p.done:
			return p.Failure()
		case <-late:
			return fmt.Errorf("%s is not ready after a minute: %s", p.command.Name, p.lastWords())
		case <-time.After(Poll):
		}
	}
}

// client keeps no connection: what it asks may be gone the next time.
var client = &http.Client{
	Timeout:   5 * time.Second,
	Transport: &http.Transport{DisableKeepAlives: true},
}

// Get returns an answer with status 200. An empty accept leaves the format to the server.
func Get(ctx context.Context, url, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, errors.New(url + " answered " + resp.Status)
	}
	return resp, nil
}
