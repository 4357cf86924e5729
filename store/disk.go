package store

import "slices"

// fileSystem gives the kind of file system a folder lies on, as statfs(2) numbers it; 0 = not known here. A variable so
// that a test can put a folder on a network.
var fileSystem = kindOf

// Network file systems by their statfs(2) magic numbers (linux/magic.h, and the programs' own).
var networks = []int64{
	0x6969,     // NFS
	0xFF534D42, // CIFS
	0xFE534D42, // SMB2
	0x517B,     // SMB
	0x65735546, // FUSE: sshfs, s3fs, GlusterFS and the like
	0x01021997, // 9P
	0x00C36400, // Ceph
	0x5346414F, // AFS
	0x73757245, // Coda
	0x0BD00BD0, // Lustre
	0x47504653, // GPFS
	0x7461636F, // OCFS2
}

func networked(kind int64) bool { return slices.Contains(networks, kind) }
