import "./openai.js";
import "./anthropic.js";
import "./genai.js";
import "./vercel.js";
import "./crossing.js";
