/** The field that says that a record is deleted: its time as ISO text, or null after a restoration. */
export const DELETED_AT = 'deletedAt';
