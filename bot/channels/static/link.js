// Takes the personal link out of the address bar and the way back, so that whoever holds the phone next does not find it.

history.replaceState(null, "", "/chat");
