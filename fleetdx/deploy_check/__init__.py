"""Questions to AWS before and after a deployment. Before it everything is read; nothing is changed."""
