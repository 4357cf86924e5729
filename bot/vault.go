package bot

// Vault keeps beside the database what must outlive that the database is changed by a stranger's hand or restored from a
// backup: the ends of the audit log's chain, and who was erased.
type Vault interface {
	// Heads reads the ends that were kept, the oldest first. One whose signature is wrong is an error.
	Heads() ([]AuditHead, error)
	// KeepHead adds an end; one that is kept already does nothing.
	KeepHead(h AuditHead) error
	// Tombstones reads who was erased.
	Tombstones() ([]Tombstone, error)
	// KeepTombstone adds one; the same again does nothing.
	KeepTombstone(t Tombstone) error
}
