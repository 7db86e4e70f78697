import { mount } from 'svelte';
import { browser } from 'wxt/browser';
import { createPopup } from '#app/client/popup.ts';
import { languageOf, wordsOf } from '#app/words/words.ts';
import { createBrowserPorts } from './browser-ports.ts';
import PopupView from './Popup.svelte';
import './popup.css';

const language = languageOf(browser.i18n.getUILanguage());
document.documentElement.lang = language;
const ports = createBrowserPorts();
const popup = createPopup(ports);
const target = document.getElementById('popup');
if (target !== null) mount(PopupView, { target, props: { popup, ports, words: wordsOf(language), language } });
void popup.look();
