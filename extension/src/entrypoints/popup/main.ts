import { mount } from 'svelte';
import Popup from './Popup.svelte';

const target = document.getElementById('popup');
if (target !== null) mount(Popup, { target });
