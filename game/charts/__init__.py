"""Charts from elsewhere and charts of our own, all as consensus.chart.Chart."""
