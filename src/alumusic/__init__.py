"""AluMusic Insights: what listeners praise, criticise, propose, ask and spam, from thousands of comments."""
