import { render } from 'preact';
import { App } from './app';
import './styles/base.css';
import './styles/header.css';
import './styles/status.css';
import './styles/model.css';
import './styles/breakdown.css';
import './styles/chart.css';
import './styles/incidents.css';
import './styles/jobs.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
