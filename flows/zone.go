package flows

import "time"

// zone reads an IANA zone; nil when it is not written or not known.
func zone(w word) (string, *time.Location) {
	if w.text == "" {
		return "", nil
	}
	location, err := time.LoadLocation(w.text)
	if err != nil || w.text == "Local" {
		w.wrong("unknown-timezone", didYouMeanZone(w.text), "there is no time zone %q", w.text)
		return "", nil
	}
	return w.text, location
}

// commonZones are those that slips are compared with: the zones of the largest cities.
var commonZones = []string{
	"UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Amsterdam",
	"Europe/Zurich", "Europe/Vienna", "Europe/Warsaw", "Europe/Istanbul", "Africa/Lagos", "Africa/Cairo",
	"Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Kathmandu",
	"Asia/Colombo", "Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Tokyo",
	"Asia/Seoul", "Asia/Manila", "Australia/Sydney", "Australia/Perth", "Pacific/Auckland", "America/New_York",
	"America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Mexico_City",
	"America/Sao_Paulo", "America/Bogota", "America/Argentina/Buenos_Aires",
}

func didYouMeanZone(written string) string {
	if best := closest(written, commonZones); best != "" {
		return didYouMean(written, commonZones)
	}
	return "write its IANA name: Asia/Kolkata"
}
