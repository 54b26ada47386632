"""What is known of sticks: profiles of their kinds, and notes of each one."""
