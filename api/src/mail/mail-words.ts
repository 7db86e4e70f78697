/** Languages that mails are written in. */
export type MailLanguage = 'en' | 'de';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** The language that the browser asks for. */
export const languageOf = (request: Request): MailLanguage =>
  /^\s*de\b/i.test(request.headers.get('accept-language') ?? '') ? 'de' : 'en';

/** Events of which the owner hears by mail, in words. */
const notices = {
  NEW_DEVICE: { en: 'Somebody signed in on a device that was not used before', de: 'Auf einem neuen Gerät wurde angemeldet' },
  PASSWORD_CHANGED: { en: 'The password was changed', de: 'Das Passwort wurde geändert' },
  RECOVERY_USED: {
    en: 'A new password was set by the recovery code',
    de: 'Mit dem Wiederherstellungscode wurde ein neues Passwort gesetzt',
  },
  RECOVERY_CODE_MADE: { en: 'A new recovery code was made', de: 'Ein neuer Wiederherstellungscode wurde gemacht' },
  PASSKEY_REGISTERED: { en: 'A passkey was added', de: 'Ein Passkey kam hinzu' },
  PASSKEY_REMOVED: { en: 'A passkey was removed', de: 'Ein Passkey wurde entfernt' },
  TOTP_ENABLED: { en: 'The second step was switched on', de: 'Der zweite Schritt wurde eingeschaltet' },
  TOTP_DISABLED: { en: 'The second step was switched off', de: 'Der zweite Schritt wurde ausgeschaltet' },
  DEVICE_LOST: { en: 'A lost device was signed out', de: 'Ein verlorenes Gerät wurde abgemeldet' },
  EXTENSION_PAIRED: { en: 'A browser extension was connected', de: 'Eine Browser-Erweiterung wurde verbunden' },
  REFRESH_TOKEN_REUSED: {
    en: 'A copied sign-in of the extension was used; it was ended',
    de: 'Eine kopierte Anmeldung der Erweiterung wurde benutzt; sie ist beendet',
  },
  DELETION_REQUESTED: {
    en: 'The account will be deleted in seven days; until then it can be taken back in the settings',
    de: 'Das Konto wird in sieben Tagen gelöscht; bis dahin lässt es sich in den Einstellungen zurücknehmen',
  },
} as const;

/** What an owner is told by mail. */
export type Notice = keyof typeof notices;

export const isNotice = (event: string): event is Notice => Object.hasOwn(notices, event);

const lines = (...text: readonly string[]): string => `${text.join('\n\n')}\n`;

/** Every mail of the instance. None says a name: who reads over a shoulder learns an address at most, and that is on the envelope. */
export const mailWords = {
  verify: (language: MailLanguage, link: string): MailText =>
    language === 'de'
      ? {
          subject: 'Bestätige deine Adresse',
          text: lines(
            'Mit diesem Link bestätigst du deine Adresse bei Mana. Er gilt eine Stunde und einmal.',
            link,
            'Das warst nicht du? Dann tu nichts: ohne den Link entsteht kein Konto.',
          ),
        }
      : {
          subject: 'Confirm your address',
          text: lines(
            'This link confirms your address at Mana. It works once, within an hour.',
            link,
            'This was not you? Then do nothing: without the link there will be no account.',
          ),
        },
  alreadyRegistered: (language: MailLanguage, link: string): MailText =>
    language === 'de'
      ? {
          subject: 'Du hast schon ein Konto',
          text: lines(
            'Mit dieser Adresse wollte jemand ein Konto bei Mana anlegen. Es gibt schon eines. Hier meldest du dich an:',
            link,
            'Das warst nicht du? Dann tu nichts: es hat sich nichts geändert.',
          ),
        }
      : {
          subject: 'You already have an account',
          text: lines(
            'Somebody wanted to make an account at Mana with this address. There is one already. Sign in here:',
            link,
            'This was not you? Then do nothing: nothing has changed.',
          ),
        },
  changeConfirm: (language: MailLanguage, link: string): MailText =>
    language === 'de'
      ? {
          subject: 'Bestätige deine neue Adresse',
          text: lines(
            'Mit diesem Link wird das die Adresse deines Kontos bei Mana. Er gilt eine Stunde und einmal.',
            link,
            'Das warst nicht du? Dann tu nichts: es ändert sich nichts.',
          ),
        }
      : {
          subject: 'Confirm your new address',
          text: lines(
            'With this link, this becomes the address of your account at Mana. It works once, within an hour.',
            link,
            'This was not you? Then do nothing: nothing will change.',
          ),
        },
  changeTold: (language: MailLanguage, link: string): MailText =>
    language === 'de'
      ? {
          subject: 'Dein Konto hat eine andere Adresse',
          text: lines(
            'Dein Konto bei Mana gehört jetzt zu einer anderen Adresse. Warst du das, ist nichts zu tun.',
            'Warst du es nicht, nimm es hier zurück. Das geht sieben Tage lang und meldet alle Geräte ab:',
            link,
          ),
        }
      : {
          subject: 'Your account has another address',
          text: lines(
            'Your account at Mana now belongs to another address. If that was you, there is nothing to do.',
            'If it was not, take it back here. That works for seven days and signs every device out:',
            link,
          ),
        },
  notice: (language: MailLanguage, { notice, device, network, at, link }: NoticeParts): MailText =>
    language === 'de'
      ? {
          subject: 'Sicherheit deines Kontos',
          text: lines(
            `${notices[notice].de}.`,
            `${at} · ${device} · ${network}`,
            'Warst du das, ist nichts zu tun. Warst du es nicht, melde in den Einstellungen das Gerät ab und ändere dein Passwort:',
            link,
          ),
        }
      : {
          subject: 'Security of your account',
          text: lines(
            `${notices[notice].en}.`,
            `${at} · ${device} · ${network}`,
            'If that was you, there is nothing to do. If it was not, sign the device out in the settings and change your password:',
            link,
          ),
        },
} as const;

interface NoticeParts {
  readonly notice: Notice;
  readonly device: string;
  readonly network: string;
  /** As people read it, in UTC. */
  readonly at: string;
  readonly link: string;
}
