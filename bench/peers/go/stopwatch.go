package main

import (
	"strconv"
	"sync"
	"syscall"
	"time"
)

type reading struct {
	at      time.Time
	answers int
	used    syscall.Rusage
}

// stopwatch counts answers, and takes the time and the processor's from the end of the warm-up until the end.
type stopwatch struct {
	guard      sync.Mutex
	warmUp     float64
	seconds    float64
	answers    int
	counting   bool
	over       bool
	begin, end reading
}

func seconds(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		giveUp(err)
	}
	return value
}

func newStopwatch(warmUp, counted string) *stopwatch {
	made := &stopwatch{warmUp: seconds(warmUp), seconds: seconds(counted)}
	made.begin = made.take()
	return made
}

func (s *stopwatch) take() reading {
	made := reading{at: time.Now(), answers: s.answers}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &made.used); err != nil {
		giveUp(err)
	}
	return made
}

// answered: one more answer is there, and right. False: the time is over, ask for no more.
func (s *stopwatch) answered() bool {
	s.guard.Lock()
	defer s.guard.Unlock()
	s.answers++
	if s.over || s.answers%16 != 0 {
		return !s.over
	}
	passed := time.Since(s.begin.at).Seconds()
	if !s.counting && passed >= s.warmUp {
		s.counting = true
		s.begin = s.take()
	} else if s.counting && passed >= s.seconds {
		s.over = true
		s.end = s.take()
	}
	return !s.over
}

func between(begin, end syscall.Timeval) float64 {
	return float64(end.Nano()-begin.Nano()) / 1e9
}

func (s *stopwatch) counted() map[string]any {
	return map[string]any{
		"answers":  s.end.answers - s.begin.answers,
		"seconds":  s.end.at.Sub(s.begin.at).Seconds(),
		"user_s":   between(s.begin.used.Utime, s.end.used.Utime),
		"system_s": between(s.begin.used.Stime, s.end.used.Stime),
	}
}
