/** A letter for the person's own mail program to send: what stands in it passes no server of ours. */
export const mailLink = ({ subject, text }: { subject: string; text: string }): string =>
  `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
