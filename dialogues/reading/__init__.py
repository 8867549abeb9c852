"""Reading: how a script file becomes steps, from its characters upwards, with every mistake kept for the end."""
